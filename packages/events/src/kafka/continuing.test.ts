import type { KafkaMessage } from "kafkajs";
import { describe, expect, test } from "vitest";
import { continueFrom } from "./continuing.ts";
import { newPlace } from "./places.ts";

/** The event at a position, put behind another, at some offset. */
function message(position: number, previous: number, offset = position, partitions = 3): KafkaMessage {
  const headers = {
    ...{
      ce_subject: `case/${position}`,
      ce_streamversion: "1",
      ce_schemaversion: "1",
      ce_type: "case.closed",
    },
    ...{ ce_caseid: "c", ce_actor: "a", ce_time: "t", ce_trace: "", ce_hash: "" },
    ...{ ce_position: `1:${position}`, ce_previous: previous ? `1:${previous}` : "0:0" },
    ce_partitions: String(partitions),
  };
  return { ...{ key: null, value: null, timestamp: "", attributes: 0 }, offset: String(offset), headers };
}

const place = { ...newPlace("onething.case", 0), next: 5, partitions: 3, at: { xid: "1", position: 40 } };
const outcome = (messages: KafkaMessage[], from = place) => {
  const { events, after, skipped, foreign } = continueFrom(from, messages);
  return {
    applied: events.map(({ position }) => position),
    at: after.at.position,
    next: after.next,
    skipped,
    foreign,
  };
};

describe("of a batch", () => {
  test("what follows on what is applied is applied", () => {
    const all = outcome([message(50, 40), message(70, 50)]);
    expect(all).toEqual({ applied: [50, 70], at: 70, next: 71, skipped: 0, foreign: 0 });
  });

  test("what comes behind a gap is left, until what lies in it has come", () => {
    expect(outcome([message(70, 60), message(80, 70)])).toMatchObject({
      applied: [],
      at: 40,
      next: 81,
      skipped: 2,
    });
    const refilled = [message(70, 60), message(60, 40, 71), message(70, 60, 72)];
    expect(outcome(refilled)).toMatchObject({ applied: [60, 70], at: 70, next: 73, skipped: 1 });
  });

  test("what comes again is handed on again and moves nothing back", () => {
    expect(outcome([message(30, 20), message(40, 30), message(50, 40)])).toMatchObject({
      applied: [30, 40, 50],
      at: 50,
    });
  });

  test("what is none of ours is counted and passed by", () => {
    const stranger = { ...message(45, 40), headers: {} } as KafkaMessage;
    expect(outcome([stranger, message(50, 40)])).toMatchObject({ applied: [50], at: 50, foreign: 1 });
  });

  test("another number of partitions puts other cases here: nothing counts as applied", () => {
    expect(outcome([message(45, 30, 6, 5)])).toMatchObject({ applied: [], at: 0, skipped: 1 });
    expect(outcome([message(10, 0, 6, 5), message(45, 10, 7, 5)])).toMatchObject({
      applied: [10, 45],
      at: 45,
    });
  });
});
