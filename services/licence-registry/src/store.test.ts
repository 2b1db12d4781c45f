import { newId } from "@onething/kernel/ids";
import { type Database, openDatabase } from "@onething/postgres/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  booklet,
  citizen,
  grantOf,
  importOf,
  nextNumber,
  police,
  startRegistry,
  type TestRegistry,
  verification,
} from "./registry.fixture.ts";
import { heldSql } from "./store.ts";

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

test("no name, number or field value stands in clear in any table, whichever door it came through", async () => {
  const licences = registry.as(verification);
  const [mothers, childs] = [nextNumber(), nextNumber()];
  const secrets = [mothers, childs, "林知夏", "周小满", "望月路十二号"];
  const { personId } = await licences.identify({ identityNumber: mothers, name: "林知夏" });
  const fields = { number: mothers, name: "林知夏", address: "望月路十二号" };
  const { identifier } = await licences.issue(importOf(personId, { fields }));
  const child = newId();
  const event = await grantOf(
    registry,
    { number: childs, name: "周小满", address: "望月路十二号" },
    {
      item: {
        code: "X3",
        department: police,
        produces: [
          {
            pair: { evidence: booklet.code, role: "child" },
            kind: "licence",
            fields: ["number", "name", "address"],
          },
        ],
      },
      subjects: [{ role: "child", personId: child }],
    },
  );
  await registry.service.consumers[0]!.handle(event);
  const look = { purpose: "核对", actor: "", caseId: "" };
  await licences.getHolders({ ...look, personIds: [personId, child] });
  await licences.match({
    ...look,
    items: [],
    queries: [{ personId: child, evidence: [booklet.code], toPersonId: "" }],
  });
  await registry.read(citizen(child), "/licences");
  await licences.cancel({ identifier, reason: "遗失", idempotencyKey: newId() });

  const dump = (await Promise.all(Object.values(registry.dbs).map(dumpOf))).join("\n");
  expect(dump).toContain(identifier);
  for (const secret of secrets) {
    expect(dump).not.toContain(secret);
    expect(dump).not.toContain(Buffer.from(secret).toString("hex"));
  }
});

/** Every row of every table, as text; bytea as hex, in which a clear text would be found too. */
async function dumpOf(db: Database): Promise<string> {
  const tables = await db.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = $1",
    [db.schema],
  );
  const rows = await Promise.all(
    tables.map(({ name }) => db.query<{ row: string }>(`select t::text as row from ${name} t`)),
  );
  return rows
    .flat()
    .map(({ row }) => row)
    .join("\n");
}

test("a match walks an index at each table, however many licences there are", async () => {
  const { db } = registry;
  await db.query(
    `insert into licence (id, version, hash, state)
     select 'l' || n, 1, '\\x00', jsonb_build_object(
         'identifier', 'i' || n, 'holderId', 'p' || n % 5000, 'toHolderId', '', 'evidence', 'e' || n % 7,
         'issuer', jsonb_build_object('code', 'd'), 'status', 'valid', 'issuedAt', '2026', 'validUntil', '',
         'replaces', case when n % 10 = 0 then 'i' || n - 1 else '' end)
       from generate_series(1, 20000) n`,
  );
  const admin = openDatabase({ url: registry.adminUrl, schema: db.schema });
  await admin.query("analyze licence");
  await admin.close();
  const people = ["p1", "p2", "p3", "p4"];
  const args = [people, people.map((_, i) => `e${i}`), people.map(() => ""), "2026-01-05"];
  const plan = await db.withClient(async (client) => {
    // The plan that a prepared statement keeps, whoever is asked about.
    await client.simple("set plan_cache_mode = force_generic_plan");
    const rows = await client.query<{ "QUERY PLAN": string }>(`explain ${heldSql}`, args);
    await client.simple("reset plan_cache_mode");
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
  expect(plan).toContain("licence_held");
  expect(plan).not.toContain("Seq Scan");
});
