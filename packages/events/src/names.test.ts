import { describe, expect, test } from "vitest";
import { published, topicOf } from "./consumer.ts";
import { codecs, eventTypes } from "./names.ts";

const stored = {
  ...{ xid: "1", position: 1, stream: "case/1", version: 1, schema: 1, caseId: "1" },
  ...{ actor: "test:a", at: "2026-11-24T00:00:00.000Z", trace: "" },
  ...{ payload: new Uint8Array(), hash: new Uint8Array() },
};

describe("every event name", () => {
  test.each(Object.entries(eventTypes))("%s has a topic, a schema version and a message", (type, entry) => {
    expect(entry.topic).toMatch(/^onething\.(case|approval|licence|evidence|catalog)$/);
    expect(entry.schema).toBeGreaterThanOrEqual(1);
    expect(topicOf(type)).toBe(entry.topic);
    expect(published({ ...stored, type }).data).toEqual(entry.codec.decode(new Uint8Array()));
  });
});

test("a name or a schema version that nobody has listed is refused", () => {
  expect(() => published({ ...stored, type: "case.imagined" })).toThrow("is not known here");
  expect(() => published({ ...stored, type: "toString" })).toThrow("is not known here");
  expect(() => published({ ...stored, type: "case.closed", schema: 2 })).toThrow("is not known here");
  expect(topicOf("constructor")).toBeUndefined();
});

test("a kind takes only the codecs it names", () => {
  expect(Object.keys(codecs("case.closed", "case.drafted"))).toEqual(["case.closed", "case.drafted"]);
});
