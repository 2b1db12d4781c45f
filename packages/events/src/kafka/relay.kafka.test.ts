import { type Database, openDatabase } from "@onething/postgres/database";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { startKafka } from "../../test/kafka.ts";
import { oldestUnsent } from "./unsent.ts";

const patient = { timeout: 20_000, interval: 10 };
const lines = Array.from({ length: 200 }, (_, i) => String(i));

describe.skipIf(!inject("kafkaBrokers"))("a relay", () => {
  let it: Awaited<ReturnType<typeof startKafka>>;
  let admin: Database;
  beforeEach(async () => {
    it = await startKafka();
    admin = openDatabase({ url: it.adminUrl, schema: "publisher" });
  });
  afterEach(async () => {
    await it.close();
    await admin.close();
  });

  const leads = (relay: { status(): { leading: boolean } }) =>
    vi.waitFor(() => expect(relay.status().leading).toBe(true), patient);

  test("that loses its session leads no longer, another goes on, and nothing is missed or acts twice", async () => {
    await leads(it.relay);
    const other = it.anotherRelay();
    other.start();
    it.member().start();
    const writing = Promise.all(["one", "two"].map((caseId) => it.write(caseId, ...lines)));
    await vi.waitFor(async () => expect((await it.copied("one")).length).toBeGreaterThan(20), patient);
    await admin.query(
      `select pg_terminate_backend(pid) from pg_locks
        where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`,
    );
    await vi.waitFor(() => expect(it.relay.status().leading).toBe(false), patient);
    await vi.waitFor(() => expect(it.relay.status().leading || other.status().leading).toBe(true), patient);
    await writing;
    await it.drained();
    expect(await it.copied("one")).toEqual(lines);
    expect(await it.copied("two")).toEqual(lines);
    expect(it.relay.status().leading).not.toBe(other.status().leading);
  });

  test("that stops lets another lead, which goes on where the first was", async () => {
    await leads(it.relay);
    await it.write("one", "a", "b");
    await it.relay.drain();
    const other = it.anotherRelay();
    other.start();
    expect(other.status().leading).toBe(false);
    await it.relay.stop();
    await it.write("one", "c");
    await leads(other);
    await other.drain();
    expect(other.status().sent).toBe(1);
    await other.drain();
    const feed = it.member();
    await feed.drain();
    expect(await it.copied("one")).toEqual(["a", "b", "c"]);
  });

  test("whose cursor cannot be kept sends again, and nothing acts twice", async () => {
    await it.write("one", "a");
    await it.relay.drain();
    await admin.query(
      "create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$",
    );
    await admin.query("create trigger refuse before update on relay for each row execute function refuse()");
    await it.write("one", "b", "c");
    await vi.waitFor(() => expect(it.relay.status().sent).toBeGreaterThan(5), patient);
    await admin.query("drop trigger refuse on relay");
    await it.drained();
    expect(await it.copied("one")).toEqual(["a", "b", "c"]);
    expect((await it.messages(4)).length).toBeGreaterThan(3);
  });

  test("moves its cursor only after Kafka has acknowledged", async () => {
    await leads(it.relay);
    await it.write("one", "a");
    await it.relay.drain();
    const [before] = await admin.query("select xid::text, position from relay");
    await it.admin.deleteTopics({ topics: [it.topic] });
    await it.write("one", "b");
    await vi.waitFor(() => expect(it.warnings().join()).toMatch(/relay could not send/), patient);
    expect(await admin.query("select xid::text, position from relay")).toEqual([before]);
    const waits = () => oldestUnsent(it.publisher.db, it.source.name);
    const first = await waits();
    await vi.waitFor(async () => expect(await waits()).toBeGreaterThan(first), patient);
    await vi.waitFor(() => it.bus.createTopics({ partitions: 3, replication: 1 }), patient);
    await it.drained();
    await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["a", "b"]), patient);
    expect([first > 0, await waits()]).toEqual([true, 0]);
  });

  test("hears of the commits of another process too", async () => {
    await it.relay.stop();
    const deaf = it.bus.relay({ source: { ...it.source, onCommit: () => () => {} }, db: it.publisher.db });
    deaf.start();
    const feed = it.member();
    feed.start();
    await it.write("one", "a");
    await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["a"]), patient);
  });
});

test.skipIf(!inject("kafkaBrokers"))("topics that are not there are waited for, and made once", async () => {
  const it = await startKafka({ without: "topics" });
  it.member().start();
  await it.write("one", "a");
  await vi.waitFor(() => expect(it.warnings().join()).toMatch(/relay could not send/), patient);
  const made = await it.bus.createTopics({ partitions: 2, replication: 1 });
  expect(made.map(({ did }) => did)).toEqual(Array(5).fill("created"));
  expect(await it.bus.createTopics({ partitions: 2, replication: 1 })).toEqual(
    made.map((each) => ({ ...each, did: "was there" })),
  );
  const other = await it.bus.createTopics({ partitions: 9, replication: 1 });
  expect(other).toEqual(made.map((each) => ({ ...each, did: "other", partitions: 2 })));
  await it.relay.drain();
  await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["a"]), patient);
  await it.close();
});

test.skipIf(!inject("kafkaBrokers"))(
  "events of any size are sent, and more at once than Kafka takes",
  async () => {
    const it = await startKafka({ partitions: 1 });
    await it.relay.stop();
    const large = "x".repeat(3_000_000);
    const some = Array.from({ length: 130 }, (_, i) => `${i} ${"y".repeat(100_000)}`);
    await it.write("one", large, "b");
    await Promise.all(some.map((line, i) => it.write(`case-${i}`, line)));
    const relay = it.anotherRelay();
    relay.start();
    await relay.drain();
    await it.member().drain();
    expect(await it.copied("one")).toEqual([large, "b"]);
    for (const [i, line] of some.entries()) expect(await it.copied(`case-${i}`)).toEqual([line]);
    await it.close();
  },
);
