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
import { type Cursor, cursorOf, type Dbs, typesRead } from "./verify-feeds.ts";

export async function verifyAcross(dbs: Dbs): Promise<Contradiction[]> {
  const stuck = await stuckCases(dbs);
  const [byApprovals, byDelivery, byLicences, ofApprovals, ofLicences] = await Promise.all([
    cursorOf(dbs, { consumer: "approval-workflow", part: "approval", source: "casewindow" }),
    cursorOf(dbs, { consumer: "approval-delivery", part: "approval", source: "licence" }),
    cursorOf(dbs, { consumer: "licence-registry", part: "licence", source: "approval" }),
    cursorOf(dbs, { consumer: "case-window", part: "casewindow", source: "approval" }),
    cursorOf(dbs, { consumer: "case-window", part: "casewindow", source: "licence" }),
  ]);
  const found: Contradiction[] = [];
  // Effects before causes: what an effect comes of is in a later look for sure.
  await look<LicenceSaid>(dbs.licence, licenceRows, [ofLicences, byDelivery], (licences) =>
    look<ApprovalSaid>(dbs.approval, approvalRows, [byLicences, ofApprovals], (approvals) =>
      look<CaseSaid>(dbs.casewindow, caseRows, [byApprovals], (cases) =>
        // Once more: where nothing has happened in between, the case must say exactly what its department says.
        look<Version>(dbs.approval, versionRows, [], async (versions) => {
          // What is stuck is said already, and what follows from it is no news.
          for await (const said of together(licences, approvals, cases, versions))
            if (!stuck.has(said.caseId)) found.push(...contradictions(said));
        }),
      ),
    ),
  );
  return found;
}

async function* together(
  licences: Rows<LicenceSaid>,
  approvals: Rows<ApprovalSaid>,
  cases: Rows<CaseSaid>,
  versions: Rows<Version>,
): AsyncGenerator<Said> {
  for (;;) {
    const next = [await licences.next(), await approvals.next(), await cases.next(), await versions.next()];
    const caseId = next.filter((each) => each !== undefined).sort()[0];
    if (caseId === undefined) return;
    const now = new Map((await versions.take(caseId)).map(({ id, version }) => [id, version]));
    yield {
      caseId,
      licences: await licences.take(caseId),
      approvals: (await approvals.take(caseId)).map((each) => ({
        ...each,
        atRest: now.get(each.id) === each.version,
      })),
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
         to_holder_id as "toHolderId", status, ${heard("'licence/' || id", ["licence.issued"], 1)} as "heardByCase",
         ${heard("'licence/' || id", ["licence.issued"], 3)} as "heardByApprovals"
    from licence where state ->> 'caseId' <> '' order by (state ->> 'caseId') collate "C"`;
const heardBy = (consumer: "licence-registry" | "case-window", first: number) =>
  heard("'approval/' || id", typesRead(consumer, "approval"), first);
const approvalRows = `
  select id, case_id as "caseId", item, status, version, state -> 'item' -> 'produces' as produces,
         coalesce(state -> 'item' ->> 'delivery', '') as delivery, state -> 'subjects' as subjects,
         ${heardBy("licence-registry", 1)} as "heardByLicences", ${heardBy("case-window", 3)} as "heardByCase"
    from approval order by case_id`;
const versionRows = `select id, case_id as "caseId", version from approval order by case_id`;
const caseRows = `
  select id as "caseId", state -> 'items' as items, ${heard("'case/' || id", typesRead("approval-workflow", "casewindow"), 1)} as "heardByApprovals"
    from case_file order by id collate "C"`;

interface Version {
  id: string;
  caseId: string;
  version: number;
}

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
