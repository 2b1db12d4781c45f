// Every SQL statement of reads. Permission is part of the query: what may not be seen is not found.
import { stateColumns, wholeState } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import type { Caller } from "@onething/service/types";
import type { CaseState } from "./domain/case.ts";
import { caseKind } from "./domain/decide.ts";

const columns = stateColumns(caseKind);
const stateOf = (row: { state: unknown }): CaseState => wholeState(caseKind, row) as CaseState;

/** Rows a caller may see: citizens their own cases and those they follow; clerks what windows took in. */
function visible(caller: Caller): { where: string; values: unknown[] } {
  if (caller.role === "citizen" && caller.personId)
    return {
      where: "(applicant_id = $1 or (status <> 'draft' and state -> 'followers' @> to_jsonb($1::text)))",
      values: [caller.personId],
    };
  if (caller.role === "clerk") return { where: "channel = $1", values: ["window"] };
  if (caller.role === "service") return { where: "$1::text is not null", values: [caller.sub] };
  return { where: "$1::boolean", values: [false] };
}

export async function findCase(db: Database, caller: Caller, id: string): Promise<CaseState | undefined> {
  const { where, values } = visible(caller);
  const [row] = await db.query<{ state: unknown }>(
    `select ${columns} from case_file where ${where} and id = $2`,
    [...values, id],
  );
  return row && stateOf(row);
}

/** Newest first; `before` is the id the last page ended with. */
export async function listCases(
  db: Database,
  caller: Caller,
  page: { before?: string; limit: number },
): Promise<CaseState[]> {
  const { where, values } = visible(caller);
  const rows = await db.query<{ state: unknown }>(
    `select ${columns} from case_file where ${where} and ($2::text is null or id < $2) order by id desc limit $3`,
    [...values, page.before ?? null, page.limit],
  );
  return rows.map(stateOf);
}

export async function nextSerial(db: Database): Promise<number> {
  const [row] = await db.query<{ serial: number }>("select nextval('case_serial') as serial");
  return row!.serial;
}
