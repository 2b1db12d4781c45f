// What Kafka doubles, mixes up or loses: nothing acts twice, nothing is missed, a case keeps its order.
import { setTimeout as pause } from "node:timers/promises";
import type { KafkaMessage, Message } from "kafkajs";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import { quick, startKafka } from "../../test/kafka.ts";

const patient = { timeout: 20_000, interval: 20 };
const letters = [..."abcdefghij"];
const cases = ["one", "two", "three", "four", "five"];

describe.skipIf(!inject("kafkaBrokers"))("what Kafka", () => {
  let it: Awaited<ReturnType<typeof startKafka>>;
  beforeEach(async () => {
    it = await startKafka();
  });
  afterEach(() => it.close());

  const all = async (lines: string[]) => {
    for (const caseId of cases) expect(await it.copied(caseId)).toEqual(lines);
  };
  const writeAll = (...lines: string[]) => Promise.all(cases.map((caseId) => it.write(caseId, ...lines)));
  const wipe = async (partitions = 3) => {
    await it.admin.deleteTopics({ topics: [it.topic] });
    await vi.waitFor(async () => expect(await it.admin.listTopics()).not.toContain(it.topic), patient);
    // A name is free only when the broker has put its files away.
    await vi.waitFor(() => it.bus.createTopics({ partitions, replication: 1 }), patient);
  };
  const again = ({ key, value, headers }: KafkaMessage, partition: number): Message => ({
    ...{ key, value, headers, partition },
  });
  /** Each partition's messages, oldest first. */
  const byPartition = async (count: number): Promise<Map<number, KafkaMessage[]>> => {
    const found = new Map<number, KafkaMessage[]>();
    for (const message of await it.messages(count)) {
      const caseId = String(message.headers?.ce_caseid);
      const { partitionOf } = await import("./message.ts");
      const partition = partitionOf({ caseId } as Parameters<typeof partitionOf>[0], 3);
      found.set(partition, [...(found.get(partition) ?? []), message]);
    }
    return found;
  };

  test("delivers twice acts once", async () => {
    await writeAll(...letters);
    await it.relay.drain();
    for (const [partition, messages] of await byPartition(50))
      await it.put(messages.map((message) => again(message, partition)));
    const feed = it.member();
    await it.drained(feed);
    await all(letters);
    await writeAll("k");
    await it.drained(feed);
    await all([...letters, "k"]);
  });

  test("delivers in another order is applied in the right one, when its turn comes", async () => {
    await writeAll("a", "b", "c");
    await it.relay.drain();
    const found = await byPartition(15);
    await it.relay.stop();
    await wipe();
    for (const [partition, messages] of found)
      await it.put(messages.reverse().map((message) => again(message, partition)));
    it.anotherRelay().start();
    it.member().start();
    await vi.waitFor(() => all(["a", "b", "c"]), patient);
  });

  test("forgets with a topic that is wiped and made again is sent again, while consumers run", async () => {
    it.member().start();
    await writeAll("a", "b");
    await vi.waitFor(() => all(["a", "b"]), patient);
    await wipe();
    await writeAll("c");
    await vi.waitFor(() => all(["a", "b", "c"]), patient);
  });

  test("forgets before a consumer came by is sent again, also when newer events already hide the gap", async () => {
    const feed = it.member();
    await writeAll("a", "b");
    await it.drained(feed);
    await feed.stop();
    await writeAll(...letters);
    await it.relay.drain();
    await wipe();
    // More than there was: the place that was left now lies in the middle of other events.
    await writeAll(...letters, ...letters);
    await it.relay.drain();
    it.member().start();
    await vi.waitFor(() => all(["a", "b", ...letters, ...letters, ...letters]), patient);
    expect(await it.db.query("select 1 from stuck_event")).toEqual([]);
  });

  test("forgets is sent again though nothing new comes", async () => {
    await writeAll(...letters);
    await it.relay.drain();
    await wipe();
    it.member().start();
    await vi.waitFor(() => all(letters), patient);
  });

  test("forgets at the end of its retention reaches a consumer that comes late, or for the first time", async () => {
    await writeAll(...letters);
    await it.relay.drain();
    const ends = await it.admin.fetchTopicOffsets(it.topic);
    await it.admin.deleteTopicRecords({
      topic: it.topic,
      partitions: ends.map(({ partition, high }) => ({ partition, offset: high })),
    });
    await writeAll("k");
    it.member().start();
    await vi.waitFor(() => all([...letters, "k"]), patient);
  });

  test("has not lost is not sent again", async () => {
    it.member().start();
    await writeAll(...letters);
    await vi.waitFor(() => all(letters), patient);
    await pause(5 * quick.checkMs);
    expect(it.relay.status()).toMatchObject({ sent: 50, resent: 0 });
  });

  test("holds in another number of partitions than before is all sent anew, and nothing acts twice", async () => {
    it.member().start();
    await writeAll("a", "b");
    await vi.waitFor(() => all(["a", "b"]), patient);
    await wipe(5);
    await writeAll("c");
    await vi.waitFor(() => all(["a", "b", "c"]), patient);
    await vi.waitFor(() => expect(it.relay.status().sent).toBeGreaterThanOrEqual(25), patient);
  });

  test("is given by strangers is passed by; one of ours that cannot be read is stuck with its case", async () => {
    await it.put([{ value: "not one of ours", partition: 0 }]);
    it.hooks.stored = (event) =>
      event.caseId === "one" && event.version === 2 ? { ...event, payload: Buffer.from([255]) } : event;
    await writeAll("a", "b", "c");
    await it.drained();
    expect(await it.copied("one")).toEqual(["a"]);
    expect(await it.copied("two")).toEqual(["a", "b", "c"]);
    expect((await it.stuck("one")).map(({ line }) => line)).toEqual(["sheet/one@2", "sheet/one@3"]);
  });
});
