// The window for other systems: reading a case. People use the HTTP door.
import { CaseItem, GetCaseResponse, WindowServiceDefinition } from "@onething/contracts/window/v1/window";
import { notFound } from "@onething/kernel/errors";
import { type RpcDoor, rpc } from "@onething/service/rpc";
import type { Deps } from "./deps.ts";
import { departmentName } from "./domain/ledger.ts";
import { findCase } from "./store.ts";
import { readCase } from "./verbs/read-case.ts";

export const createRpc = (deps: Pick<Deps, "db" | "journal" | "calendarOf" | "now">): RpcDoor =>
  rpc(
    WindowServiceDefinition,
    {
      getCase: async ({ id }, { caller }) => {
        const state = await findCase(deps.db, caller, id);
        if (!state) throw notFound("case.not_found", "没有找到这个办件", "There is no such case");
        const items = (state.plan?.items ?? []).map(({ code, name, department }) => {
          const { endedAt, ...now } = state.items[code] ?? {
            status: "waiting",
            waitedFor: [],
            endedAt: undefined,
          };
          return CaseItem.fromPartial({ ...now, code, name, department, finishedAt: endedAt });
        });
        const { ledger } = await readCase(deps, state);
        const named = ledger?.departments.map((each) => ({
          ...{ ...each, name: departmentName(state.plan!, each.code) },
        }));
        return GetCaseResponse.fromPartial({
          case: { ...state, items, ...(ledger && { ledger: { ...ledger, departments: named! } }) },
        });
      },
    },
    { allow: ["service"] },
  );
