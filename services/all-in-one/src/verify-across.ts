// Compares the services with each other, case by case. True beside a running platform too: what a service has read is
// asked before what it made of it, and nothing is expected of it that lies behind where it has read. One pass over each
// table in the order of cases: memory does not grow with the data.
import type { Client, Database } from "@onething/postgres/database";
import {
  type ApprovalSaid,
  type CaseSaid,
  type Contradiction,
  contradictions,
  type LicenceSaid,
  type Said,
} from "./verify-case.ts";
import { type Cursor, cursorOf, type Dbs } from "./verify-feeds.ts";

export async function verifyAcross(dbs: Dbs): Promise<Contradiction[]> {
  const stuck = await stuckCases(dbs);
  const [byApprovals, byLicences, ofApprovals, ofLicences] = await Promise.all([
    cursorOf(dbs, { consumer: "approval-workflow", part: "approval", source: "casewindow" }),
    cursorOf(dbs, { consumer: "licence-registry", part: "licence", source: "approval" }),
    cursorOf(dbs, { consumer: "case-window", part: "casewindow", source: "approval" }),
    cursorOf(dbs, { consumer: "case-window", part: "casewindow", source: "licence" }),
  ]);
  const found: Contradiction[] = [];
  // Effects before causes: what an effect comes of is in a later look for sure.
  await look<LicenceSaid>(dbs.licence, licenceRows, [ofLicences], (licences) =>
    look<ApprovalSaid>(dbs.approval, approvalRows, [byLicences, ofApprovals], (approvals) =>
      look<CaseSaid>(dbs.casewindow, caseRows, [byApprovals], async (cases) => {
        // What is stuck is said already, and what follows from it is no news.
        for await (const said of together(licences, approvals, cases))
          if (!stuck.has(said.caseId)) found.push(...contradictions(said));
      }),
    ),
  );
  return found;
}

async function* together(
  licences: Rows<LicenceSaid>,
  approvals: Rows<ApprovalSaid>,
  cases: Rows<CaseSaid>,
): AsyncGenerator<Said> {
  for (;;) {
    const next = [await licences.next(), await approvals.next(), await cases.next()];
    const caseId = next.filter((each) => each !== undefined).sort()[0];
    if (caseId === undefined) return;
    yield {
      caseId,
      licences: await licences.take(caseId),
      approvals: await approvals.take(caseId),
      case: (await cases.take(caseId))[0],
    };
  }
}

/** `$1, $2`: how far somebody has read; true when that is past every such event of the stream. */
const heard = (stream: string, types: readonly string[], first: number): string =>
  `not exists (select from event where stream = ${stream} and type in (${types.map((each) => `'${each}'`).join(", ")})
     and (xid, position) > ($${first}::text::xid8, $${first + 1}::bigint))`;

const licenceRows = `
  select id, state ->> 'caseId' as "caseId", state ->> 'item' as item, identifier, evidence, holder_id as "holderId",
         to_holder_id as "toHolderId", ${heard("'licence/' || id", ["licence.issued"], 1)} as "heardByCase"
    from licence where state ->> 'caseId' <> '' order by (state ->> 'caseId') collate "C"`;
const decided = ["approval.granted", "approval.refused", "approval.cancelled"];
const approvalRows = `
  select id, case_id as "caseId", item, status, state -> 'item' -> 'produces' as produces, state -> 'subjects' as subjects,
         ${heard("'approval/' || id", decided, 1)} as "heardByLicences", ${heard("'approval/' || id", decided, 3)} as "heardByCase"
    from approval order by case_id`;
const caseRows = `
  select id as "caseId", state -> 'items' as items, ${heard("'case/' || id", ["case.item_ready"], 1)} as "heardByApprovals"
    from case_file order by id collate "C"`;

interface Rows<R> {
  /** Case of the next row; undefined at the end. */
  next(): Promise<string | undefined>;
  /** All rows of that case. */
  take(caseId: string): Promise<R[]>;
}

const page = 500;

/** One snapshot of one table, read page by page through a cursor of the server. */
function look<R extends { caseId: string }>(
  db: Database,
  rows: string,
  cursors: Cursor[],
  use: (rows: Rows<R>) => Promise<void>,
): Promise<void> {
  return db.withClient(async (client) => {
    await client.simple("begin isolation level repeatable read read only");
    try {
      const values = cursors.flatMap(({ xid, position }) => [xid, position]);
      await client.query(`declare said no scroll cursor for ${rows}`, values);
      await use(reader<R>(client));
    } finally {
      await client.simple("rollback");
    }
  });
}

function reader<R extends { caseId: string }>(client: Client): Rows<R> {
  let rows: R[] = [];
  let at = 0;
  let end = false;
  const peek = async (): Promise<R | undefined> => {
    if (at === rows.length && !end) {
      rows = await client.query<R>(`fetch ${page} from said`);
      at = 0;
      end = rows.length < page;
    }
    return rows[at];
  };
  return {
    next: async () => (await peek())?.caseId,
    take: async (caseId) => {
      const taken: R[] = [];
      for (let row = await peek(); row?.caseId === caseId; row = await peek()) {
        taken.push(row);
        at++;
      }
      return taken;
    },
  };
}

async function stuckCases(dbs: Dbs): Promise<Set<string>> {
  const lists = await Promise.all(
    [dbs.approval, dbs.licence, dbs.casewindow].map((db) =>
      db.query<{ id: string }>("select distinct case_id as id from stuck_event limit 100000"),
    ),
  );
  return new Set(lists.flat().map(({ id }) => id));
}
