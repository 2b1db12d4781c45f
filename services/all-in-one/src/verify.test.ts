// What verify finds on a city that has worked: nothing by itself, and by name whatever was spoilt behind its back.
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kinds as approvalKinds } from "@onething/approval-workflow/service";
import { ApprovalOpened } from "@onething/contracts/approval/v1/events";
import { createJournal } from "@onething/journal/journal";
import { type Database, openDatabase } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import { createLog } from "@onething/service/log";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { readConfig } from "./config.ts";
import { file, finish, play, scriptOf } from "./demo/play.ts";
import { type Running, run } from "./start.ts";
import { schemas } from "./storage.ts";
import { verifyData } from "./verify.ts";
import { flows, sourceNames, standingStill } from "./verify-feeds.ts";

let database: Awaited<ReturnType<typeof testDatabase>>;
let folder: string;
let running: Running;
let admin: Database;
let caseId: string;

beforeAll(async () => {
  inject("postgresUrl");
  database = await testDatabase(schemas);
  folder = await mkdtemp(join(tmpdir(), "onething-verify-"));
  admin = openDatabase({ url: database.adminUrl, schema: "public", max: 2 });
  const config = {
    ...readConfig({ ONETHING_DATA: join(folder, "data"), ONETHING_REGISTER_RETRY_MS: "1000" }),
    databaseUrl: database.adminUrl,
  };
  const quiet = createLog({ service: "all-in-one", level: "silent" });
  running = await run({ ...config, port: 0, grpcPort: 0 }, { delayMs: [1, 10] }, quiet);
  caseId = (await play(running, scriptOf(running, "birth"))).case.id;
});
afterAll(async () => {
  await running?.stop();
  await admin?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const verify = async () =>
  (await verifyData({ data: folder, databaseUrl: database.adminUrl })).violations.map(
    ({ service, stream, what }) => `${service} ${stream}: ${what}`,
  );

test("nothing is found, beside the running platform", async () => {
  expect(await verify()).toEqual([]);
});

test("the readers it watches are those that the platform runs", () => {
  const read = running.platform.feeds.map(({ consumer, source }) => `${consumer} < ${source}`);
  expect(
    [...new Set(flows.map(({ consumer, source }) => `${consumer} < ${sourceNames[source]}`))].sort(),
  ).toEqual([...new Set(read)].sort());
  for (const { consumers } of running.platform.services)
    for (const { name, types } of consumers) {
      const watched = flows
        .filter((flow) => flow.consumer === name)
        .flatMap((flow) => [...flow.types] as string[]);
      expect([...types]).toEqual(expect.arrayContaining(watched));
    }
});

/** Changes rows of one case, looks, and puts everything back. */
async function spoilt(tables: string[], change: string, ...values: unknown[]): Promise<string[]> {
  for (const [i, table] of tables.entries()) await admin.query(`create table kept_${i} as table ${table}`);
  try {
    await admin.query(change, values);
    return await verify();
  } finally {
    for (const [i, table] of tables.entries()) {
      const [columns] = await admin.query<{ list: string }>(
        `select string_agg(quote_ident(attname), ', ' order by attnum) as list from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
        [table],
      );
      await admin.query(`delete from ${table}`);
      await admin.query(
        `insert into ${table} (${columns!.list}) overriding system value select ${columns!.list} from kept_${i}`,
      );
      await admin.query(`drop table kept_${i}`);
    }
  }
}

const streamOf = async (schema: string, type: string): Promise<string> =>
  (
    await admin.query<{ stream: string }>(
      `select stream from ${schema}.event where type = $1 and case_id = $2 order by position limit 1`,
      [type, caseId],
    )
  )[0]!.stream;

test.each([
  ["casewindow", "case.submitted"],
  ["approval", "approval.granted"],
  ["licence", "licence.issued"],
  ["verification", "evidence.requested"],
])("one byte of one stored event changed in %s makes it name that stream", async (schema, type) => {
  const stream = await streamOf(schema, type);
  const found = await spoilt(
    [`${schema}.event`],
    `update ${schema}.event set payload = set_byte(payload, length(payload) / 2, get_byte(payload, length(payload) / 2) # 1)
      where stream = $1 and type = $2`,
    stream,
    type,
  );
  expect(found).toEqual([
    expect.stringMatching(new RegExp(`^${schema} ${stream}: hash of version \\d+ \\(${type}\\)`)),
  ]);
});

test("a state changed past its events is named, and so is one without any", async () => {
  const stream = await streamOf("approval", "approval.granted");
  const found = await spoilt(
    ["approval.approval"],
    `update approval.approval set state = jsonb_set(state, '{dueOn}', '""') where 'approval/' || id = $1`,
    stream,
  );
  expect(found).toEqual([`approval ${stream}: stored state differs from the fold of its events`]);
  const orphaned = await spoilt(
    ["catalog.event"],
    "delete from catalog.event where stream = 'bundle/' || $1",
    "birth",
  );
  expect(orphaned).toEqual([expect.stringContaining("bundle/birth: state without any event")]);
});

test("a licence taken out with all its events is missed by the approval that granted it", async () => {
  const stream = await streamOf("licence", "licence.issued");
  const found = await spoilt(
    ["licence.event", "licence.licence"],
    `with gone as (delete from licence.event where stream = $1)
     delete from licence.licence where 'licence/' || id = $1`,
    stream,
  );
  expect(found).toEqual([
    expect.stringMatching(/^platform approval\/.+: .+ is granted, but was not issued$/),
  ]);
});

test("an approval taken out with all its events is missed by the case and by what was issued", async () => {
  const stream = await streamOf("approval", "approval.granted");
  const found = await spoilt(
    ["approval.event", "approval.approval"],
    `with gone as (delete from approval.event where stream = $1)
     delete from approval.approval where 'approval/' || id = $1`,
    stream,
  );
  expect(found).toContainEqual(
    expect.stringMatching(
      new RegExp(`^platform case/${caseId}: item \\w+ was handed over, but no department has it$`),
    ),
  );
  expect(found).toContainEqual(expect.stringMatching(/^platform licence\/.+ whose approval is missing$/));
});

test("a licence revoked behind everybody's back is held against its approval, which stands", async () => {
  const stream = await streamOf("licence", "licence.issued");
  const found = await spoilt(
    ["licence.licence"],
    `update licence.licence set state = jsonb_set(state, '{status}', '"revoked"') where 'licence/' || id = $1`,
    stream,
  );
  expect(found).toEqual([
    `licence ${stream}: stored state differs from the fold of its events`,
    expect.stringMatching(`^platform ${stream}: .+ is revoked, but its approval is delivered: approval/`),
  ]);
});

test("an approval set back behind everybody's back is held against what is issued, and against what its case knows", async () => {
  const stream = await streamOf("approval", "approval.delivered");
  const found = await spoilt(
    ["approval.approval"],
    `update approval.approval set state = jsonb_set(state, '{status}', '"granted"') where 'approval/' || id = $1`,
    stream,
  );
  expect(found).toEqual([
    `approval ${stream}: stored state differs from the fold of its events`,
    expect.stringMatching(
      `^platform ${stream}: is granted, but item \\w+ of case/.+ is ended granted delivered$`,
    ),
    `platform ${stream}: is issued whole, but was not delivered`,
  ]);
});

test("an event that is stuck is named with its reader", async () => {
  const found = await spoilt(
    ["licence.stuck_event"],
    `insert into licence.stuck_event (consumer, event_id, case_id, type, event, error, attempts, at)
     values ('licence-registry', 'approval/x@3', $1, 'approval.granted', '{}', 'no such type', 5, now())`,
    caseId,
  );
  expect(found).toEqual([
    "licence approval/x@3: stuck before licence-registry: no such type; mend it and replay",
  ]);
});

test("a reader that stands still is named once somebody runs the platform", async () => {
  const later = new Date(Date.now() + 600_000);
  const dbs = running.storage.dbs;
  expect(await standingStill(dbs, later)).toEqual([]);
  const kept = await admin.query("delete from licence.feed_cursor returning *, xid::text as xid");
  expect(kept).toHaveLength(1);
  expect(await standingStill(dbs, later)).toEqual([
    {
      stream: expect.stringMatching(/^approval\//),
      what: expect.stringMatching(/^approval\.granted has waited \d+ min for licence-registry/),
    },
  ]);
  const { consumer, source, xid, position } = kept[0] as Record<string, unknown>;
  await admin.query("insert into licence.feed_cursor values ($1, $2, $3::text::xid8, $4)", [
    consumer,
    source,
    xid,
    position,
  ]);
});

test("open work that is due never is named, though its chain is whole", async () => {
  const id = "forged";
  const data = ApprovalOpened.fromPartial({
    id,
    caseId: "forged",
    item: { code: "F", department: { code: "d" } },
    acceptBy: "2099-01-05",
  });
  // The law makes no such thing, so another one writes it.
  const lawless = {
    ...approvalKinds[0]!,
    decide: () => ({ events: [{ type: "approval.opened" as const, data }] }),
  };
  const journal = createJournal({
    db: running.storage.dbs.approval,
    kinds: [lawless],
    hashKey: Buffer.alloc(32),
  });
  await journal.submit(lawless, id, { type: "cancel" }, { actor: "test" });
  expect(await verify()).toContain("approval approval/forged: open work without a due date");
  await admin.query("delete from approval.event where stream = 'approval/forged'");
  await admin.query("delete from approval.approval where id = 'forged'");
});

test("a stolen timer is named: nothing would end the wait for a register", async () => {
  running.simulator?.setFaults({ "medical-insurance": { kind: "down" } });
  const waits = await file(running, scriptOf(running, "birth"));
  const found = await spoilt(["verification.timer"], "delete from verification.timer");
  expect(found).toEqual([
    expect.stringMatching(`^verification evidence/${waits.id}: timers are \\[\\], its state wants`),
  ]);
  running.simulator?.setFaults({ "medical-insurance": undefined });
  await finish(waits);
});

test("where nothing was ever started it says so, and makes nothing", async () => {
  const nowhere = join(folder, "nowhere");
  await expect(verifyData({ data: nowhere, databaseUrl: undefined })).rejects.toThrow(
    expect.objectContaining({ reason: "verify.no_data" }),
  );
  expect(existsSync(nowhere)).toBe(false);
  const empty = await testDatabase({ schema: "other", directories: [] });
  await expect(verifyData({ data: nowhere, databaseUrl: empty.adminUrl })).rejects.toThrow(
    expect.objectContaining({ reason: "verify.no_data" }),
  );
  await empty.close();
});
