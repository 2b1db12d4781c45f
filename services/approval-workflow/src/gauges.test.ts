import { type TestDatabase, testDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { deadlineGauges } from "./gauges.ts";
import { migrations, schema } from "./service.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
});
afterAll(() => database.close());

const work = (id: string, department: string, status: string, dueOn: string) => {
  const decidedAt = ["granted", "refused"].includes(status) ? "2026-11-20T00:00:00.000Z" : "";
  const now = { secondLook: "", dueProvisional: false, stopped: status === "paused" };
  return database.db.query("insert into approval (id, version, hash, state) values ($1, 1, '', $2::jsonb)", [
    id,
    JSON.stringify({ department, status, dueOn, decidedAt, ...now }),
  ]);
};

/** What the gauges tell, at noon of 24 November in Shanghai. */
async function told() {
  const gauges = deadlineGauges(database.db, () => new Date("2026-11-24T04:00:00Z"));
  const all = await Promise.all(
    gauges.map(async ({ name, look }) =>
      (await look()).map(({ labels, value }) => [name, labels?.department, value]),
    ),
  );
  return all.flat();
}

test("while no department has had any work, each gauge says none instead of nothing", async () => {
  expect(await told()).toEqual([
    ["onething_deadlines_near", undefined, 0],
    ["onething_deadlines_missed", undefined, 0],
  ]);
});

test("every department that ever had work is told of: due today or tomorrow, past the day, or none", async () => {
  await work("1", "health", "accepted", "2026-11-23");
  await work("2", "health", "received", "2026-11-24");
  await work("3", "health", "accepted", "2026-11-25");
  await work("4", "health", "accepted", "2026-11-26");
  await work("5", "health", "granted", "2026-11-20");
  await work("6", "police", "refused", "2026-11-20");
  await work("7", "tax", "accepted", "2027-01-01");
  // Its clock stands still.
  await work("8", "health", "paused", "2026-11-20");
  expect(await told()).toEqual([
    ["onething_deadlines_near", "health", 2],
    ["onething_deadlines_near", "police", 0],
    ["onething_deadlines_near", "tax", 0],
    ["onething_deadlines_missed", "health", 1],
    ["onething_deadlines_missed", "police", 0],
    ["onething_deadlines_missed", "tax", 0],
  ]);
});
