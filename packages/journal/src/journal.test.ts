import type { OnethingError } from "@onething/kernel/errors";
import { type Database, openDatabase } from "@onething/postgres/database";
import type { TestDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openJournal, other, tally, tallyDatabase, violations } from "../test/tally.ts";
import { hash32 } from "./kind.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await tallyDatabase();
});
afterAll(() => base.close());

const by = (key?: string, body?: unknown) => ({
  actor: "test:a",
  ...(key ? { key } : {}),
  ...(body ? { body } : {}),
});
const add = (n: number) => ({ type: "add" as const, n });

describe("one command", () => {
  test("is durable and readable when it is answered", async () => {
    const journal = openJournal(base.db);
    const done = await journal.submit(tally, "t1", add(5), by());
    expect(done).toMatchObject({
      id: "t1",
      version: 1,
      state: { sum: 5 },
      answer: { sum: 5 },
      repeated: false,
    });
    expect(await openJournal(base.db).load(tally, "t1")).toMatchObject({ state: { sum: 5 }, version: 1 });
    expect(await journal.history(tally, "t1")).toMatchObject([
      { id: "tally/t1@1", type: "tally.added", data: { n: 5 }, actor: "test:a", caseId: "case-1" },
    ]);
  });

  test("is told to whoever listens for commits, with its root, and its history can be read from a version on", async () => {
    const journal = openJournal(base.db);
    const told: string[] = [];
    const off = journal.onCommit((ids) => told.push(...ids));
    for (const n of [1, 2, 3]) await journal.submit(tally, "t3", add(n), by());
    await journal.submit(tally, "t3", add(-100), by()).catch(() => undefined);
    off();
    await journal.submit(tally, "t3", add(4), by());
    expect(told).toEqual(["t3", "t3", "t3"]);
    const after = async (version: number) =>
      (await journal.history(tally, "t3", version)).map((event) => event.version);
    expect([await after(0), await after(2), await after(4)]).toEqual([[1, 2, 3, 4], [3, 4], []]);
  });

  test("that is refused leaves nothing, and the same key may try again", async () => {
    const journal = openJournal(base.db);
    await expect(journal.submit(tally, "t2", add(-1), by("k2"))).rejects.toMatchObject({
      reason: "tally.negative",
    });
    expect(await journal.load(tally, "t2")).toBeNull();
    await journal.submit(tally, "t2", add(3), by());
    await expect(journal.submit(tally, "t2", add(-1), by("k2"))).resolves.toMatchObject({ version: 2 });
  });
});

describe("an idempotency key", () => {
  test("answers a repeat as the first time, also after later changes", async () => {
    const journal = openJournal(base.db);
    const first = await journal.submit(tally, "i1", add(2), by("i1-key"));
    await journal.submit(tally, "i1", add(40), by());
    const again = await journal.submit(tally, "i1", add(2), by("i1-key"));
    expect(again).toMatchObject({ answer: first.answer, version: first.version, repeated: true });
    expect(await journal.load(tally, "i1")).toMatchObject({ state: { sum: 42 } });
  });

  test("with another body is a conflict", async () => {
    const journal = openJournal(base.db);
    await journal.submit(tally, "i2", add(2), by("i2-key", { n: 2 }));
    await expect(journal.submit(tally, "i2", add(2), by("i2-key", { n: 3 }))).rejects.toMatchObject({
      code: "conflict",
      reason: "idempotency.other_body",
    });
  });

  test("ten at once, over two processes and different roots, act once", async () => {
    const [one, two] = [openJournal(base.db), openJournal(base.db)];
    const all = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        (i % 2 ? one : two).submit(tally, `i3-${i}`, add(1), by("i3-key", "same")),
      ),
    );
    expect(all.filter((each) => !each.repeated)).toHaveLength(1);
    expect(new Set(all.map((each) => each.id)).size).toBe(1);
  });

  test("belongs to its actor", async () => {
    const journal = openJournal(base.db);
    await journal.submit(tally, "i4", add(1), { actor: "test:a", key: "shared" });
    const second = await journal.submit(tally, "i4", add(1), { actor: "test:b", key: "shared" });
    expect(second).toMatchObject({ repeated: false, version: 2 });
  });

  test("is kept without the request in clear", async () => {
    const journal = openJournal(base.db);
    await journal.submit(tally, "i5", add(1), by("i5-key", { name: "张三丰的秘密" }));
    const rows = await base.db.query<{ text: string }>("select command_key::text as text from command_key");
    expect(rows.some((row) => row.text.includes("张三丰"))).toBe(false);
  });
});

describe("a flush", () => {
  test("holds many commands in one commit", async () => {
    const counted: Record<string, number> = {};
    const meters = {
      count: (name: string, n = 1) => {
        counted[name] = (counted[name] ?? 0) + n;
      },
    };
    const journal = openJournal(base.db, { lanes: 1, meters });
    await Promise.all(
      Array.from({ length: 150 }, (_, i) => journal.submit(tally, `f${i % 10}`, add(1), by())),
    );
    expect(counted.commands).toBe(150);
    expect(counted.commits).toBeLessThanOrEqual(2);
    expect((await journal.load(tally, "f0"))?.state).toMatchObject({ sum: 15, count: 15 });
  });

  test("that carries poison loses only the poisoned command", async () => {
    const journal = openJournal(base.db, { lanes: 1 });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        journal.submit(tally, `p${i}`, i === 13 ? { type: "poison" } : add(1), by()),
      ),
    );
    expect(results.map((each) => each.status).filter((status) => status === "rejected")).toHaveLength(1);
    expect(results[13]?.status).toBe("rejected");
    expect(await journal.load(tally, "p12")).toMatchObject({ version: 1 });
    expect(await journal.load(tally, "p13")).toBeNull();
  });

  test("is followed by another at whatever moment the next command comes", async () => {
    const journal = openJournal(base.db, { lanes: 1 });
    for (let moments = 0; moments < 12; moments++) {
      await journal.submit(tally, "w1", add(1), by());
      for (let i = 0; i < moments; i++) await undefined;
    }
    expect((await journal.load(tally, "w1"))?.state).toMatchObject({ count: 12 });
  });

  test("may touch roots of several kinds", async () => {
    const journal = openJournal(base.db, { lanes: 1 });
    await Promise.all([journal.submit(tally, "m1", add(1), by()), journal.submit(other, "m1", add(2), by())]);
    expect(await journal.load(other, "m1")).toMatchObject({ state: { sum: 2 } });
    expect(await journal.load(tally, "m1")).toMatchObject({ state: { sum: 1 } });
  });

  test("a full queue refuses at once with a time to come back, and what it took goes through", async () => {
    const journal = openJournal(base.db, { lanes: 1, maxQueued: 5 });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () => journal.submit(tally, "q1", add(1), by())),
    );
    const refused = results.flatMap((each) =>
      each.status === "rejected" ? [each.reason as OnethingError] : [],
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.every((error) => error.code === "exhausted" && error.retryAfterMs! > 0)).toBe(true);
    expect((await journal.load(tally, "q1"))?.state).toMatchObject({ count: 20 - refused.length });
  });
});

test("a flush of more roots than the cache keeps decides each on its own state", async () => {
  const [writer, other] = [openJournal(base.db), openJournal(base.db)];
  const ids = Array.from({ length: 620 }, (_, i) => `many-${i}`);
  await Promise.all(ids.map((id) => writer.submit(tally, id, add(10), by())));
  await other.submit(tally, "many-cold", add(10), by());
  // Some that the writer has let go of, then the oldest it remembers: the first push out the last.
  const again = [...ids.slice(0, 19), "many-cold", ...ids.slice(120, 300)];
  for (let round = 0; round < 3; round++)
    await Promise.all(again.map((id) => writer.submit(tally, id, add(-1), by())));
  for (const id of again) expect((await writer.load(tally, id))?.state.sum).toBe(7);
});

test("a root that another process is deciding about is waited for, and nothing is read of it before", async () => {
  const journal = openJournal(base.db);
  await journal.submit(tally, "locked", add(1), by());
  let done = false;
  const waiting = await base.db.withClient(async (client) => {
    await client.simple(
      `begin; select pg_advisory_xact_lock(${hash32("tallies")}, ${hash32("tally/locked")})`,
    );
    const submitted = journal.submit(tally, "locked", add(1), by()).finally(() => {
      done = true;
    });
    const blocked = async () => {
      const rows = await base.db.query("select from pg_locks where locktype = 'advisory' and not granted");
      return rows.length;
    };
    await expect.poll(blocked, { timeout: 10_000 }).toBe(1);
    await client.query(
      `update tally set state = jsonb_set(state, '{sum}', '41'), hash = '\\x01'::bytea where id = 'locked'`,
    );
    expect(done).toBe(false);
    await client.simple("commit");
    return submitted;
  });
  expect(waiting.state.sum).toBe(42);
  await base.db.query("delete from tally where id = 'locked'");
  await base.db.query("delete from event where stream = 'tally/locked'");
});

describe("a connection that breaks at any round trip", () => {
  /** Kills the backend just before, or just after, the n-th call of a flush reaches it. */
  const breaking = (db: Database, at: number, when: "before" | "after"): Database => {
    let call = 0;
    const killer = async (kill: () => Promise<unknown>, work: () => Promise<unknown>) => {
      const hit = ++call === at;
      if (hit && when === "before") await kill();
      const result = await work();
      if (hit && when === "after") await kill();
      return result;
    };
    return {
      ...db,
      withClient: (use) =>
        db.withClient(async (client) => {
          const [row] = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
          const kill = async () => {
            const admin = openDatabase({ url: base.adminUrl, schema: "tallies", max: 1 });
            await admin.query("select pg_terminate_backend($1, 2000)", [row!.pid]);
            await admin.close();
          };
          return use({
            query: (...args) => killer(kill, () => client.query(...args)) as Promise<never>,
            simple: (text) => killer(kill, () => client.simple(text)) as Promise<never>,
          });
        }),
    };
  };

  for (const when of ["before", "after"] as const)
    for (let at = 1; at <= 5; at++)
      test(`loses and doubles nothing: ${when} call ${at}`, async () => {
        const root = `b-${when}-${at}`;
        const journal = openJournal(breaking(base.db, at, when), { lanes: 1 });
        const done = await Promise.all([
          journal.submit(tally, root, add(1), by()),
          journal.submit(tally, root, add(10), by(`${root}-key`)),
        ]);
        expect(done.every((each) => each.id === root)).toBe(true);
        expect((await openJournal(base.db).load(tally, root))?.state).toMatchObject({ sum: 11, count: 2 });
      });
});

test("after all that, verify finds nothing wrong", async () => {
  expect(await violations(openJournal(base.db))).toEqual([]);
});
