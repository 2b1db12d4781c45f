import { OnethingError, unavailable } from "@onething/kernel/errors";
import { expect, test } from "vitest";
import { type Operations, operationsOfAll, unknownConsumer } from "./operations.ts";

const event = {
  ...{ consumer: "reader", eventId: "case/1@1", caseId: "1", type: "case.closed" },
  ...{ error: "x", attempts: 5, at: "2026-11-24T00:00:00.000Z" },
};
const working = (name: string): Operations => ({
  name,
  meters: async () => ({ commits: 2 }),
  drain: async () => 0,
  stuck: async () => [event],
  replay: async (consumer) => {
    if (consumer !== "reader") throw unknownConsumer();
    return 3;
  },
});
const failing = (name: string, error: Error): Operations => {
  const fail = () => Promise.reject(error);
  return { name, meters: fail, drain: fail, stuck: fail, replay: fail };
};
const away = failing("case-window 10.0.0.7:8081", unavailable("rpc.unavailable", "不通", "Away"));

test("of several processes one that is away is named, and the others are counted, listed and replayed", async () => {
  const all = operationsOfAll(async () => [away, working("a"), working("b")]);
  const notAsked: string[] = [];
  expect(await all.meters(notAsked)).toEqual({ commits: 4 });
  expect(notAsked).toEqual(["case-window 10.0.0.7:8081"]);
  expect(await all.stuck(notAsked)).toEqual([event]);
  expect(notAsked).toHaveLength(2);
  expect(await all.replay("reader", "1")).toBe(3);
});

test("whether a consumer is unknown cannot be said while one that may have it is away", async () => {
  const some = operationsOfAll(async () => [away, working("a")]);
  await expect(some.replay("other", "1")).rejects.toMatchObject({ code: "unavailable" });
  const there = operationsOfAll(async () => [working("a")]);
  await expect(there.replay("other", "1")).rejects.toMatchObject({ reason: "stuck.no_consumer" });
});

test("one that answers with a fault of its own is no absent one", async () => {
  const refused = new OnethingError("forbidden", "role.not_allowed", { zh: "不可", en: "No" });
  const all = operationsOfAll(async () => [failing("a", refused), working("b")]);
  await expect(all.meters()).rejects.toMatchObject({ reason: "role.not_allowed" });
});
