// Every SQL statement of this service's reads. The department is part of each: another's work is not there to be found.
import { stateColumns, wholeState } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import type { Approval } from "./domain/approval.ts";
import type { Consultation } from "./domain/consultation.ts";
import type { Delegation } from "./domain/delegation.ts";
import type { Status } from "./domain/table.ts";
import { approvalKind } from "./kind.ts";
import { type Listed, unlisted } from "./work.ts";

export interface Row<S = Approval> {
  state: S;
  version: number;
}

export async function workById(db: Database, department: string, id: string): Promise<Row | undefined> {
  const [row] = await workByIds(db, department, [id]);
  return row;
}

export async function workByIds(db: Database, department: string, ids: readonly string[]): Promise<Row[]> {
  const rows = await db.query<{ state: unknown; version: number }>(
    `select version, ${stateColumns(approvalKind)} from approval where department = $1 and id = any($2::text[])`,
    [department, ids],
    "work_by_ids",
  );
  return rows.map((row) => ({ state: wholeState(approvalKind, row) as Approval, version: row.version }));
}

/** Of these cases, whatever is not decided; of every department, for the service itself. */
export async function openOfCases(db: Database, cases: readonly string[]): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    "select id from approval where case_id = any($1::text[]) and in_hand",
    [cases],
    "open_of_cases",
  );
  return rows.map(({ id }) => id);
}

/** The parts of a state that a list does not show stay in the database. */
const listed = `state - '{${unlisted.join()}}'::text[] as state, version`;

/** Where a page of the list ended. */
export interface ListPosition {
  dueOn: string;
  openedAt: string;
  id: string;
}

export interface ListQuery {
  department: string;
  /** Empty: what is in hand. */
  statuses: readonly Status[];
  /** Empty: every item. */
  items: readonly string[];
  /** Due on this date or before; empty: whenever. */
  dueBy: string;
  /** Claimed by this actor; empty: by anybody or nobody. */
  claimedBy: string;
  /** Automatic decisions drawn for a second look, in place of what is in hand. */
  secondLooks: boolean;
  /** Of which the last light was told to one of these; none: whether it was or not. */
  told: readonly string[];
  after?: ListPosition;
  limit: number;
}

export function listWork(db: Database, query: ListQuery): Promise<Row<Listed>[]> {
  const { department, statuses, items, after, limit, dueBy, claimedBy, secondLooks, told } = query;
  const some = statuses.length > 0;
  const which = some ? "status = any($10::text[])" : secondLooks ? "second_look" : "in_hand";
  return db.query<Row<Listed>>(
    `select ${listed} from approval
      where department = $1 and (due_on, opened_at, id) > ($2, $3, $4)
        and (cardinality($5::text[]) = 0 or item = any($5))
        and ($7 = '' or due_on <= $7) and ($8 = '' or claimed_by = $8)
        and (cardinality($9::text[]) = 0 or told = any($9)) and ${which}
      order by due_on, opened_at, id limit $6`,
    [
      department,
      after?.dueOn ?? "",
      after?.openedAt ?? "",
      after?.id ?? "",
      items,
      limit,
      dueBy,
      claimedBy,
      told,
      ...(some ? [statuses] : []),
    ],
    `work_list_${some ? "status" : which}`,
  );
}

/** Where a stream of work has got to: the transaction that offered it, and the id. */
export interface Arrival {
  xid: string;
  id: string;
}

export const streamStart: Arrival = { xid: "0", id: "" };

/** Work in hand that was offered since, for the first time or again, in an order that no late transaction can get behind. */
export function arrivals(
  db: Database,
  { department, items }: { department: string; items: readonly string[] },
  after: Arrival,
  limit: number,
): Promise<(Row<Listed> & { xid: string })[]> {
  return db.query(
    `select ${listed}, offered_in::text as xid from approval
      where department = $1 and (offered_in, id) > ($2::xid8, $3) and in_hand
        and (cardinality($5::text[]) = 0 or item = any($5))
        and offered_in < pg_snapshot_xmin(pg_current_snapshot())
      order by offered_in, id limit $4`,
    [department, after.xid, after.id, limit, items],
    "work_arrivals",
  );
}

/** What was delegated to an account and holds on a date of the city. */
export const delegationsOf = async (
  db: Database,
  department: string,
  account: string,
  on: string,
): Promise<Delegation[]> => {
  const rows = await db.query<{ state: Delegation }>(
    `select state from delegation
      where department = $1 and representative = $2 and not ended and from_on <= $3 and until_on >= $3 order by id`,
    [department, account, on],
    "delegations_of",
  );
  return rows.map(({ state }) => state);
};

/** Everything a department has delegated, the newest period first. */
export const delegations = async (db: Database, department: string): Promise<Delegation[]> => {
  const rows = await db.query<{ state: Delegation }>(
    "select state from delegation where department = $1 order by from_on desc, id limit 500",
    [department],
    "delegations",
  );
  return rows.map(({ state }) => state);
};

/** What other departments have asked this one, open questions first. */
export const consultationsOf = async (db: Database, asked: string): Promise<Consultation[]> => {
  const rows = await db.query<{ state: Consultation }>(
    "select state from consultation where asked = $1 order by open desc, answer_by, id limit 500",
    [asked],
    "consultations_of",
  );
  return rows.map(({ state }) => state);
};

/** What was asked about a piece of work, oldest first. */
export const consultationsAbout = async (db: Database, approvalId: string): Promise<Consultation[]> => {
  const rows = await db.query<{ state: Consultation }>(
    "select state from consultation where approval_id = $1 order by state ->> 'askedAt', id",
    [approvalId],
    "consultations_about",
  );
  return rows.map(({ state }) => state);
};

/** Ids of work in hand whose dates rest on a guess, or on days that a calendar may change, after an id. */
export const countedAgain = async (db: Database, after: string, limit: number): Promise<string[]> => {
  const rows = await db.query<{ id: string }>(
    "select id from approval where in_hand and not stopped and id > $1 order by id limit $2",
    [after, limit],
    "counted_again",
  );
  return rows.map(({ id }) => id);
};
