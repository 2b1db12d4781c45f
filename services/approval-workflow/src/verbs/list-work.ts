// A department's work list, page by page: what is due first stands first.
import type { Work } from "@onething/contracts/approval/v1/work";
import { isCivilDate } from "@onething/kernel/civil-date";
import { invalid } from "@onething/kernel/errors";
import { tellees } from "@onething/kernel/supervision";
import type { Official } from "../domain/obstacles.ts";
import { type Status, statuses } from "../domain/table.ts";
import { type ListPosition, listWork as query } from "../store.ts";
import { viewOf } from "../work.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { Deps } from "./deps.ts";

export interface ListInput {
  statuses: readonly string[];
  items: readonly string[];
  limit: number;
  cursor: string;
  /** Due on this civil date or before. */
  dueBy?: string;
  /** Claimed by whoever asks. */
  mine?: boolean;
  /** Automatic decisions drawn for a second look. */
  secondLooks?: boolean;
  /** Only what this kind of person, or one higher up, was told of as growing late. */
  told?: string;
}

const usualPage = 50;
export const largestPage = 500;

export async function listWork(
  deps: Pick<Deps, "db" | "now" | "rules">,
  by: Official,
  input: ListInput,
): Promise<{ work: Work[]; nextCursor: string }> {
  const limit = Math.min(input.limit > 0 ? input.limit : usualPage, largestPage);
  const rows = await query(deps.db, {
    department: by.department,
    statuses: statusesOf(input.statuses),
    items: input.items,
    dueBy: dateOf(input.dueBy ?? ""),
    claimedBy: input.mine ? by.actor : "",
    secondLooks: input.secondLooks ?? false,
    told: levelsFrom(input.told ?? ""),
    after: positionOf(input.cursor),
    limit,
  });
  const last = rows.length === limit ? rows.at(-1)?.state : undefined;
  return {
    work: rows.map((row) => viewOf(deps, by, row)),
    nextCursor: last ? writeCursor(last.dueOn, last.openedAt, last.id) : "",
  };
}

/** What went higher up is still theirs who were told before. */
function levelsFrom(told: string): readonly string[] {
  if (told === "") return [];
  const lowest = (tellees as readonly string[]).indexOf(told);
  if (lowest >= 0) return tellees.slice(lowest);
  throw invalid("approval.told_unknown", `须为 ${tellees.join("、")}`, `It is one of ${tellees.join(", ")}`);
}

function dateOf(given: string): string {
  if (given === "" || isCivilDate(given)) return given;
  throw invalid("approval.date_invalid", "日期须写成 2026-11-24 的形式", "A date is written as 2026-11-24");
}

function statusesOf(given: readonly string[]): Status[] {
  const unknown = given.find((status) => !statuses.includes(status as Status));
  if (unknown !== undefined)
    throw invalid(
      "approval.status_unknown",
      `状态只能是：${statuses.join("、")}`,
      `A status is one of ${statuses.join(", ")}`,
    );
  return given as Status[];
}

function positionOf(cursor: string): ListPosition | undefined {
  if (!cursor) return undefined;
  const [dueOn, openedAt, id] = readCursor(cursor, 3) as [string, string, string];
  return { dueOn, openedAt, id };
}
