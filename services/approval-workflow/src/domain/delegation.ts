// The head of a department delegates authority to its chief affairs representative (首席事务代表) in the hall: the first review,
// the decision, or both; for some items or all; for a period. A root of its own, so that it stands on record.
import type { DelegationEnded, DelegationGiven } from "@onething/contracts/approval/v1/desk_events";
import { isCivilDate } from "@onething/kernel/civil-date";
import { conflict, forbidden, invalid, notFound } from "@onething/kernel/errors";
import type { Official } from "./obstacles.ts";

export const powers = ["accept", "decide"] as const;

export interface Delegation extends DelegationGiven {
  givenAt: string;
  /** Empty until it was ended before its time. */
  endedAt: string;
  endedBy: string;
}

export type Give = Pick<DelegationGiven, "id" | "representative" | "items" | "powers" | "fromOn" | "untilOn">;
export type Command = { by: Official } & ({ type: "give"; terms: Give } | { type: "end" });
export type DelegationEvent =
  | { type: "delegation.given"; data: DelegationGiven }
  | { type: "delegation.ended"; data: DelegationEnded };

/** Longer than a year is no delegation but a new office. */
const mostDays = 366;

export function decide(state: Delegation | null, command: Command): { events: DelegationEvent[] } {
  const { by } = command;
  if (!by.duties.includes("head"))
    throw forbidden(
      "delegation.not_head",
      "只有部门负责人可以授权",
      "Only the head of the department delegates",
    );
  if (command.type === "give") {
    if (state) return { events: [] };
    const data = { ...fitting(command.terms), department: by.department, by: by.actor };
    return { events: [{ type: "delegation.given", data }] };
  }
  if (state?.department !== by.department) throw unknownDelegation();
  if (state.endedAt)
    throw conflict("delegation.ended", "这项授权已经终止", "This delegation has ended already");
  return { events: [{ type: "delegation.ended", data: { id: state.id, by: by.actor } }] };
}

export const unknownDelegation = () =>
  notFound("delegation.not_found", "没有这项授权", "There is no such delegation");

function fitting(terms: Give): Give {
  const problem = (field: string, zh: string, en: string) => ({ field, text: { zh, en } });
  const fields = [];
  if (!/^[\w.@-]{1,64}$/.test(terms.representative))
    fields.push(problem("representative", "须为账号", "must be an account"));
  if (terms.powers.length === 0 || terms.powers.some((power) => !powers.some((each) => each === power)))
    fields.push(problem("powers", `须为 ${powers.join("、")}`, `must be of ${powers.join(", ")}`));
  const { fromOn, untilOn } = terms;
  if (!isCivilDate(fromOn) || !isCivilDate(untilOn) || untilOn < fromOn)
    fields.push(problem("untilOn", "期间有误", "the period is not right"));
  else if ((Date.parse(untilOn) - Date.parse(fromOn)) / 86_400_000 > mostDays)
    fields.push(problem("untilOn", "授权期间不超过一年", "no delegation is longer than a year"));
  if (fields.length === 0) return terms;
  throw invalid("delegation.invalid", "授权内容有误", "The delegation is not right", { fields });
}

export function evolve(state: Delegation | null, event: DelegationEvent & { at: string }): Delegation {
  if (event.type === "delegation.given")
    return { ...event.data, givenAt: event.at, endedAt: "", endedBy: "" };
  if (!state) throw new Error(`${event.type} before delegation.given`);
  return { ...state, endedAt: event.at, endedBy: event.data.by };
}
