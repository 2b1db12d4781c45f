import type { KafkaMessage } from "kafkajs";
import { expect, test } from "vitest";
import { fromMessage, isAfter, partitionOf, toMessage } from "./message.ts";

const event = {
  ...{
    xid: "18446744073709551615",
    position: 42,
    stream: "case/一件事",
    version: 7,
    type: "case.closed",
    schema: 3,
  },
  ...{ caseId: "c-1", actor: "officer:o-1", at: "2026-11-24T00:00:00.123Z" },
  trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  payload: Buffer.from([0, 1, 255]),
  hash: Buffer.alloc(32, 9),
};
const placed = { previous: { xid: "5", position: 41 }, partitions: 6 };

/** As it comes back from a broker. */
const received = (message: ReturnType<typeof toMessage>): KafkaMessage => ({
  ...{ key: Buffer.from(String(message.key)), value: message.value as Buffer, timestamp: "0", attributes: 0 },
  ...{ offset: "0" },
  headers: Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, Buffer.from(String(value))]),
  ),
});

test("an event comes back whole, and says what came before it", () => {
  const back = fromMessage(received(toMessage(event, "case-window", placed)));
  expect(back).toEqual({ event, ...placed });
});

test("other systems find what CloudEvents promises, the trace, and the stored bytes", () => {
  const { key, value, headers } = toMessage(event, "case-window", placed);
  expect(key).toBe("c-1");
  expect(value).toEqual(event.payload);
  expect(headers).toMatchObject({
    ...{ "content-type": "application/protobuf", ce_specversion: "1.0", ce_id: "case/一件事@7" },
    ...{
      ce_source: "/onething/case-window",
      ce_type: "case.closed",
      ce_time: event.at,
      ce_subject: event.stream,
    },
    ...{ ce_schemaversion: "3", traceparent: event.trace },
  });
});

test("a trace that is none of W3C's is carried, and not passed off as one", () => {
  const message = toMessage({ ...event, trace: "t-1" }, "case-window", placed);
  expect(message.headers).not.toHaveProperty("traceparent");
  expect(fromMessage(received(message))?.event.trace).toBe("t-1");
});

test("what is none of ours is not taken for an event", () => {
  const message = received(toMessage(event, "case-window", placed));
  const without = (headers: KafkaMessage["headers"]) => fromMessage({ ...message, headers } as KafkaMessage);
  expect(without({})).toBeUndefined();
  for (const name of ["ce_position", "ce_previous", "ce_subject", "ce_streamversion", "ce_partitions"])
    expect(without({ ...message.headers, [name]: "" })).toBeUndefined();
});

test("events of one case share a partition, whatever their stream; those of none lie by their stream", () => {
  const streams = Array.from({ length: 50 }, (_, i) => ({ ...event, stream: `approval/${i}` }));
  expect(new Set(streams.map((each) => partitionOf(each, 6))).size).toBe(1);
  expect(new Set(streams.map((each) => partitionOf({ ...each, caseId: "" }, 6))).size).toBeGreaterThan(1);
});

test("positions are compared by transaction first, beyond what a number holds", () => {
  expect(
    isAfter({ xid: "18446744073709551615", position: 1 }, { xid: "18446744073709551614", position: 9 }),
  ).toBe(true);
  expect(isAfter({ xid: "10", position: 1 }, { xid: "9", position: 5 })).toBe(true);
  expect(isAfter({ xid: "9", position: 5 }, { xid: "9", position: 5 })).toBe(false);
});
