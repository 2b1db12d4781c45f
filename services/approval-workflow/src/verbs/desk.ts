// The desk somebody stands at: always of the department that the token names, with the authority that was delegated to them.
import { civilDate } from "@onething/kernel/civil-date";
import { forbidden } from "@onething/kernel/errors";
import { actorOf, type Caller } from "@onething/service/types";
import type { Official } from "../domain/obstacles.ts";
import { delegationsOf } from "../store.ts";
import type { Deps } from "./deps.ts";

export async function officialOf({ db, now }: Pick<Deps, "db" | "now">, caller: Caller): Promise<Official> {
  const { sub, department, role, personId, duties = [] } = caller;
  if (!department)
    throw forbidden(
      "approval.no_department",
      "您的账号不属于任何部门",
      "Your account does not belong to a department",
    );
  const isChief = duties.includes("chief");
  const delegations = isChief ? await delegationsOf(db, department, sub, civilDate(now())) : [];
  return {
    ...{ actor: actorOf(caller), department, system: role === "department", duties, delegations },
    ...(personId && { personId }),
  };
}
