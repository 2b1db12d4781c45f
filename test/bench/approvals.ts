// Approvals that wait for their acceptance check: five working days without a notice accept them (Licensing Law art. 32), and
// the day before that somebody is told.
import { kinds, migrations, schema } from "@onething/approval-workflow/service";
import { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { Department } from "@onething/contracts/common/v1/common";
import { CaseItemReady } from "@onething/contracts/window/v1/events";
import type { Journal } from "@onething/journal/journal";
import { newId } from "@onething/kernel/ids";
import { type Database, openDatabase } from "@onething/postgres/database";
import { migrate } from "@onething/postgres/migrate";

const role = "approval_service";

export const prepareApprovals = (url: string): Promise<string[]> =>
  migrate(url, { schema, role, directories: migrations });

export const openApprovals = (url: string): Database => openDatabase({ url, role, schema, max: 8 });

export const approvalKind = kinds[0];
type Open = Extract<Parameters<typeof approvalKind.decide>[1], { type: "open" }>;

const item = PlannedItem.fromPartial({
  code: "T1",
  name: { zh: "事项", en: "Item" },
  handling: "department",
  acceptance: "department",
  department: Department.fromPartial({ code: "office", name: { zh: "部门", en: "Office" } }),
  produces: [{ pair: { evidence: "permit", role: "owner" }, kind: "licence" }],
});

const inFlight = 1000;

/** Opens so many, each a command of its own; answers with the seconds it took. */
export async function openMany(journal: Journal, n: number): Promise<number> {
  const began = performance.now();
  let left = n;
  const one = async () => {
    while (left-- > 0) {
      const caseId = newId();
      await journal.submit(approvalKind, caseId, opening(caseId), {
        actor: "bench",
        key: caseId,
        body: caseId,
      });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return (performance.now() - began) / 1000;
}

const opening = (caseId: string): Open => {
  const ready = CaseItemReady.fromPartial({
    ...{ caseId, caseNumber: caseId, bundle: "b", division: "430999", sealedForm: "s1.k.form" },
    subjects: [{ role: "owner", personId: "p1", position: 0 }],
  });
  return { type: "open", starts: {}, ready: { ...ready, item, submittedAt: "" } };
};

export interface Standing {
  /** Timers that are due at the instant. */
  due: number;
  accepted: number;
  warned: number;
  /** Streams with two acceptances or two warnings. */
  twice: number;
}

/** What stands after a position of the event table. */
export async function standing(db: Database, instant: string, since: number): Promise<Standing> {
  const [row] = await db.query<Standing>(
    `with fired as (
       select stream, count(*) filter (where type = 'approval.accepted') as accepted,
              count(*) filter (where type = 'approval.warned') as warned
         from event where position > $2 group by stream
     ) select (select count(*)::int from timer where due <= $1) as due, coalesce(sum(accepted), 0)::int as accepted,
              coalesce(sum(warned), 0)::int as warned,
              count(*) filter (where accepted > 1 or warned > 1)::int as twice from fired`,
    [instant, since],
  );
  return row!;
}

export const dueBy = async (db: Database, instant: string): Promise<number> =>
  (await db.query<{ n: number }>("select count(*)::int as n from timer where due <= $1", [instant]))[0]!.n;

export const lastPosition = async (db: Database): Promise<number> =>
  (await db.query<{ at: number }>("select coalesce(max(position), 0) as at from event"))[0]!.at;

export const latestDue = async (db: Database): Promise<string> =>
  (await db.query<{ due: string }>("select max(due) as due from timer where name = 'lapse'"))[0]!.due;
