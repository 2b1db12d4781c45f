import { type Database, openDatabase } from "@onething/postgres/database";
import type { TestDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openJournal, tally, tallyDatabase, violations } from "../test/tally.ts";

let base: TestDatabase;
let admin: Database;
beforeAll(async () => {
  base = await tallyDatabase();
  admin = openDatabase({ url: base.adminUrl, schema: "tallies", max: 1 });
});
afterAll(async () => {
  await admin.close();
  await base.close();
});
beforeEach(async () => {
  await admin.query(
    "truncate tallies.event, tallies.tally, tallies.timer, tallies.command_key, tallies.stuck_event",
  );
  const journal = openJournal(base.db);
  for (const id of ["a", "b", "c"])
    for (const n of [1, 2, 3]) await journal.submit(tally, id, { type: "add", n }, { actor: "test:a" });
});

const found = () => violations(openJournal(base.db));

describe("verify names the stream", () => {
  test("and is silent when all is well", async () => {
    expect(await found()).toEqual([]);
  });

  test("of one changed byte of one payload", async () => {
    await admin.query(
      "update tallies.event set payload = set_byte(payload, 3, get_byte(payload, 3) # 1) where stream = 'tally/b' and version = 2",
    );
    expect(await found()).toEqual([expect.stringMatching(/^tally\/b: hash of version 2/)]);
  });

  for (const column of ["actor", "type", "trace", "case_id"])
    test(`of a changed ${column}`, async () => {
      await admin.query(
        `update tallies.event set ${column} = ${column} || 'x' where stream = 'tally/a' and version = 1`,
      );
      expect(await found()).toEqual([expect.stringMatching(/^tally\/a: hash of version 1/)]);
    });

  test("of a changed time", async () => {
    await admin.query(
      "update tallies.event set at = at + interval '1 ms' where stream = 'tally/a' and version = 3",
    );
    expect(await found()).toEqual([expect.stringMatching(/^tally\/a: hash of version 3/)]);
  });

  test("that lost its last event", async () => {
    await admin.query("delete from tallies.event where stream = 'tally/c' and version = 3");
    expect(await found()).toEqual(["tally/c: state is at version 3, events end at 2"]);
  });

  test("that lost an event in the middle", async () => {
    await admin.query("delete from tallies.event where stream = 'tally/c' and version = 2");
    expect(await found()).toEqual(["tally/c: version 2 is missing"]);
  });

  test("whose state was edited", async () => {
    await admin.query("update tallies.tally set state = jsonb_set(state, '{sum}', '7') where id = 'b'");
    expect(await found()).toEqual(["tally/b: stored state differs from the fold of its events"]);
  });

  test("whose state is gone, or has no events", async () => {
    await admin.query("delete from tallies.tally where id = 'a'");
    await admin.query("insert into tallies.tally values ('ghost', 1, '', '{}')");
    expect(await found()).toEqual([
      "tally/a: events without a state",
      "tally/ghost: state without any event",
    ]);
  });

  test("whose timer is gone: nothing would end the wait", async () => {
    const at = "2030-01-01T00:00:00.000Z";
    await openJournal(base.db).submit(tally, "a", { type: "remind", at }, { actor: "test:a" });
    await admin.query("delete from tallies.timer");
    expect(await found()).toEqual([`tally/a: timers are [], its state wants [due at ${at}]`]);
  });

  test("that waits for nothing, by its kind's own rule", async () => {
    await openJournal(base.db).submit(tally, "b", { type: "add", n: 660 }, { actor: "test:a" });
    expect(await found()).toEqual(["tally/b: waits for nothing"]);
  });

  test("of a kind nobody knows", async () => {
    await admin.query("update tallies.event set stream = 'stranger/1' where stream = 'tally/a'");
    expect(await found()).toContain("stranger/1: events of a kind this service does not know");
  });
});
