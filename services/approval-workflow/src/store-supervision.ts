// SQL of supervision: numbers of departments, never of people.
import type { Database } from "@onething/postgres/database";

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
         on work.department = known.department and in_hand and not stopped and due_on <= $2
      where known.department is not null group by known.department order by known.department`,
    [today, soon],
    "deadlines",
  );

/** One department's work as it stands, and what it decided of late. */
export interface DepartmentFigures {
  department: string;
  inHand: number;
  received: number;
  /** The applicant's turn. */
  supplementing: number;
  paused: number;
  legality: number;
  green: number;
  yellow: number;
  red: number;
  overdue: number;
  decided: number;
  onTime: number;
}

/** `department`: only this one; empty: all. Decided: since an instant. On time: on the promised date of the city or before. */
export const departmentFigures = (
  db: Database,
  { department, now, since }: { department: string; now: string; since: string },
): Promise<DepartmentFigures[]> =>
  db.query(
    `with lit as (
       select department, status,
              case when stopped or state ->> 'yellowAt' = '' then ''
                   when state ->> 'overdueAt' <= $2 then 'overdue'
                   when state ->> 'redAt' <= $2 then 'red'
                   when state ->> 'yellowAt' <= $2 then 'yellow'
                   else 'green' end as light
         from approval where in_hand and ($1 = '' or department = $1)),
     hand as (
       select department, count(*)::int as "inHand",
              count(*) filter (where status = 'received')::int as received,
              count(*) filter (where status = 'supplementing')::int as supplementing,
              count(*) filter (where status = 'paused')::int as paused,
              count(*) filter (where status = 'legality')::int as legality,
              count(*) filter (where light = 'green')::int as green,
              count(*) filter (where light = 'yellow')::int as yellow,
              count(*) filter (where light = 'red')::int as red,
              count(*) filter (where light = 'overdue')::int as overdue
         from lit group by department),
     done as (
       select department, count(*)::int as decided,
              count(*) filter (where ((decided_at::timestamptz at time zone 'Asia/Shanghai')::date)::text <= due_on)::int
                as "onTime"
         from approval
        where not in_hand and decided_at >= $3 and status <> 'cancelled' and ($1 = '' or department = $1)
        group by department)
     select department, coalesce("inHand", 0) as "inHand", coalesce(received, 0) as received,
            coalesce(supplementing, 0) as supplementing, coalesce(paused, 0) as paused,
            coalesce(legality, 0) as legality, coalesce(green, 0) as green, coalesce(yellow, 0) as yellow,
            coalesce(red, 0) as red, coalesce(overdue, 0) as overdue, coalesce(decided, 0) as decided,
            coalesce("onTime", 0) as "onTime"
       from hand full join done using (department) order by department`,
    [department, now, since],
    "department_figures",
  );
