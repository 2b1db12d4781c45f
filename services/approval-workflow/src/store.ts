// Every SQL statement of this service's reads. The department is part of each: another's work is not there to be found.
import { stateColumns, wholeState } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import type { Approval, Status } from "./domain/approval.ts";
import { approvalKind } from "./kind.ts";
import type { Listed } from "./work.ts";

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

/** The parts of a state that a list does not show stay in the database. */
const listed = "state - '{sealedForm,subjects,answers,unmet}'::text[] as state, version";
const inHand = "status in ('open', 'claimed')";

/** Where a page of the list ended. */
export interface ListPosition {
  dueOn: string;
  openedAt: string;
  id: string;
}

export interface ListQuery {
  department: string;
  /** Empty: what is open or claimed. */
  statuses: readonly Status[];
  /** Empty: every item. */
  items: readonly string[];
  after?: ListPosition;
  limit: number;
}

export function listWork(db: Database, query: ListQuery): Promise<Row<Listed>[]> {
  const { department, statuses, items, after, limit } = query;
  const some = statuses.length > 0;
  return db.query<Row<Listed>>(
    `select ${listed} from approval
      where department = $1 and (due_on, opened_at, id) > ($2, $3, $4)
        and (cardinality($5::text[]) = 0 or item = any($5))
        and ${some ? "status = any($7::text[])" : inHand}
      order by due_on, opened_at, id limit $6`,
    [
      department,
      after?.dueOn ?? "",
      after?.openedAt ?? "",
      after?.id ?? "",
      items,
      limit,
      ...(some ? [statuses] : []),
    ],
    some ? "work_list_status" : "work_list",
  );
}

/** Where a stream of work has got to: the opening transaction and the id. */
export interface Arrival {
  xid: string;
  id: string;
}

export const streamStart: Arrival = { xid: "0", id: "" };

/** Open work that has arrived since, in an order that no late transaction can get behind. */
export function arrivals(
  db: Database,
  department: string,
  after: Arrival,
  limit: number,
): Promise<(Row<Listed> & { xid: string })[]> {
  return db.query(
    `select ${listed}, opened_in::text as xid from approval
      where department = $1 and (opened_in, id) > ($2::xid8, $3) and ${inHand}
        and opened_in < pg_snapshot_xmin(pg_current_snapshot())
      order by opened_in, id limit $4`,
    [department, after.xid, after.id, limit],
    "work_arrivals",
  );
}

/**
 * Work in hand of every department that ever had some: due by a date, and due before another. Numbers only, for those who watch
 * the platform. Departments are found from one to the next in the index, however much work each has had.
 */
export const deadlines = (
  db: Database,
  today: string,
  soon: string,
): Promise<{ department: string; near: number; missed: number }[]> =>
  db.query(
    `with recursive known (department) as (
       select min(department) from approval
       union all
       select (select min(department) from approval where department > known.department)
         from known where known.department is not null
     )
     select known.department, count(work.id) filter (where due_on >= $1)::int as near,
            count(work.id) filter (where due_on < $1)::int as missed
       from known left join approval work
         on work.department = known.department and ${inHand} and due_on <= $2
      where known.department is not null group by known.department order by known.department`,
    [today, soon],
    "deadlines",
  );
