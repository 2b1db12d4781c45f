// Many decisions in one call, a result for each in the same order. One bad row does not spoil the others.
import type { Work } from "@onething/contracts/approval/v1/work";
import { invalid, OnethingError } from "@onething/kernel/errors";
import type { Official } from "../domain/obstacles.ts";
import { workByIds } from "../store.ts";
import { checkedKey, type Decision, decideFound, outcomeMissing } from "./decide.ts";
import type { Deps } from "./deps.ts";

/** What a door has read of a row; without an outcome the row is bad. */
export type DecisionRow = Omit<Decision, "outcome"> & Partial<Pick<Decision, "outcome">>;
export type RowResult = { id: string; work: Work } | { id: string; problem: OnethingError };

export const mostRows = 500;

export async function decideMany(
  deps: Deps,
  by: Official,
  rows: readonly DecisionRow[],
): Promise<RowResult[]> {
  if (rows.length === 0 || rows.length > mostRows)
    throw invalid(
      "approval.row_count",
      `一次可以提交 1 至 ${mostRows} 条决定`,
      `Between 1 and ${mostRows} decisions can be made in one call`,
    );
  const found = await workByIds(
    deps.db,
    by.department,
    rows.map((row) => row.id),
  );
  const states = new Map(found.map(({ state }) => [state.id, state]));
  return Promise.all(
    rows.map(async ({ id, key, ifVersion = 0, outcome }): Promise<RowResult> => {
      try {
        if (!outcome) throw outcomeMissing();
        const decision = { id, key: checkedKey(key), ifVersion, outcome };
        return { id, work: await decideFound(deps, by, decision, states.get(id)) };
      } catch (error) {
        if (error instanceof OnethingError) return { id, problem: error };
        throw error;
      }
    }),
  );
}
