// The members of a consumer's group: who reads what, how far, and what happens when they change.
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { startKafka } from "../../test/kafka.ts";
import type { KafkaFeed } from "./bus.ts";

const patient = { timeout: 20_000, interval: 10 };
const cases = Array.from({ length: 20 }, (_, i) => `case-${i}`);

describe.skipIf(!inject("kafkaBrokers"))("a member of a group", () => {
  let it: Awaited<ReturnType<typeof startKafka>>;
  beforeEach(async () => {
    it = await startKafka();
  });
  afterEach(() => it.close());

  const feed = (options = {}): KafkaFeed =>
    it.bus.feed({ consumer: it.consumer, db: it.db, pauses: [1], ...options });
  const offsets = () =>
    it.db.query<{ partition: number; offset_: number }>(
      "select partition, offset_ from topic_offset order by partition",
    );

  test("shares the partitions with the others, and takes those of one that leaves", async () => {
    const [one, other] = [feed({ watchMs: 20 }), feed({ watchMs: 20 })];
    one.start();
    await vi.waitFor(() => expect(one.lag()).toHaveLength(3), patient);
    other.start();
    await vi.waitFor(() => expect(other.lag().length).toBeGreaterThan(0), patient);
    await vi.waitFor(() => expect(one.lag().length + other.lag().length).toBe(3), patient);
    await one.stop();
    await vi.waitFor(() => expect(other.lag()).toHaveLength(3), patient);
  });

  test("moves its offset only after the whole batch is in", async () => {
    const during: unknown[] = [];
    it.hooks.before = async () => during.push(await offsets());
    await it.write("one", "a", "b", "c");
    const one = feed();
    await it.drained(one);
    expect(during).toEqual([[], [], []]);
    expect(await offsets()).toMatchObject([{ offset_: 3 }]);
  });

  test("that is at its events for longer than the group waits for a sign of life keeps its partitions", async () => {
    const go = Promise.withResolvers<void>();
    let held = 0;
    it.hooks.before = () => {
      held += 1;
      return go.promise;
    };
    const members = [feed(), feed()];
    for (const member of members) member.start();
    await Promise.all(cases.map((caseId) => it.write(caseId, "a")));
    await vi.waitFor(() => expect(held).toBe(20), patient);
    await pause(13_000);
    expect(held).toBe(20);
    go.resolve();
    await it.drained(members[0]);
    expect(members.map((member) => member.counters().restarts)).toEqual([0, 0]);
    for (const caseId of cases) expect(await it.copied(caseId)).toEqual(["a"]);
  });

  test("leaves its work when the partitions are dealt anew, and each event still acts once", async () => {
    const go = Promise.withResolvers<void>();
    let held = 0;
    it.hooks.before = () => {
      held += 1;
      return go.promise;
    };
    await Promise.all(cases.map((caseId) => it.write(caseId, "a", "b")));
    const one = feed();
    one.start();
    await vi.waitFor(() => expect(held).toBe(20), patient);
    const other = feed();
    other.start();
    // The group waits for the first one, whose next heartbeat tells it so: the events in hand end, those behind are read again.
    await vi.waitFor(async () => {
      const { groups } = await it.admin.describeGroups([it.group]);
      expect(groups[0]!.state).toBe("PreparingRebalance");
    }, patient);
    await pause(4_000);
    go.resolve();
    await it.drained(other);
    for (const caseId of cases) expect(await it.copied(caseId)).toEqual(["a", "b"]);
    expect(one.counters().restarts + other.counters().restarts).toBe(0);
    expect(held).toBeGreaterThan(40);
  });

  test("says how many events wait for it", async () => {
    const go = Promise.withResolvers<void>();
    it.hooks.before = () => go.promise;
    const one = feed({ watchMs: 20 });
    one.start();
    await it.write("one", "a", "b");
    const waiting = () => one.lag().reduce((sum, { lag }) => sum + lag, 0);
    await vi.waitFor(() => expect(waiting()).toBe(2), patient);
    go.resolve();
    await vi.waitFor(() => expect(waiting()).toBe(0), patient);
    expect(one.counters()).toMatchObject({ applied: 2, skipped: 0, foreign: 0 });
  });

  test("reports to Kafka's own tools how far the group is", async () => {
    await it.write("one", "a", "b");
    const one = feed({ watchMs: 20 });
    await it.drained(one);
    await vi.waitFor(async () => {
      const [offsets] = await it.admin.fetchOffsets({ groupId: it.group, topics: [it.topic] });
      expect(offsets!.partitions.map(({ offset }) => Number(offset)).sort()).toEqual([0, 0, 2]);
    }, patient);
  });
});
