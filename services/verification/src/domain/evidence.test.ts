import type { Receipt } from "@onething/contracts/verification/v1/verification";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  backoffMs,
  changes,
  decide,
  type EvidenceCommand,
  type EvidenceState,
  evolve,
  timers,
  toAskAgain,
  unfinished,
} from "./evidence.ts";
import {
  alternative,
  answers,
  booklet,
  facts,
  found,
  inquiry,
  person,
  requirement,
} from "./ladder.fixture.ts";
import { findAll } from "./ladder.ts";

const now = new Date("2026-11-24T06:00:00.000Z");
const after = (ms: number) => new Date(now.getTime() + ms).toISOString();
const ask = inquiry();
const silent = answers(["mother", { kind: "unavailable", why: "silent" }]);
const receiptsOf = (known: Parameters<typeof facts>[0]): Receipt[] =>
  findAll(ask, facts(known)).map((each) => each.receipt);
const down = receiptsOf({ answers: silent });
const up = receiptsOf({ answers: answers(["mother", found()]) });

const run = (state: EvidenceState | null, command: EvidenceCommand, at = now): EvidenceState | null =>
  decide(state, command, at).events.reduce<EvidenceState | null>(
    (before, event) => evolve(before, { ...event, at: at.toISOString() }),
    state,
  );
const request = (receipts: Receipt[]): EvidenceCommand => ({
  type: "request",
  outcome: { caseId: "c", purpose: "p", receipts, ...toAskAgain(ask, receipts) },
  retryAfterMs: 1000,
});
const resolve = (receipts: Receipt[], attempt = 1): EvidenceCommand => ({
  type: "resolve",
  attempt,
  receipts,
  retryAfterMs: 2000,
});

const settled = run(null, request(up))!;
const waiting = run(null, request(down))!;
const asking = run(waiting, { type: "retryDue" })!;
const stopped = run(waiting, { type: "stop" })!;

describe("every state by every command", () => {
  const states = { none: null, settled, waiting, asking, stopped };
  const table: [keyof typeof states, EvidenceCommand, string[]][] = [
    ["none", request(up), ["evidence.requested"]],
    ["none", { type: "retryDue" }, []],
    ["none", resolve(up), []],
    ["none", { type: "stop" }, []],
    ["settled", request(down), ["evidence.requested"]],
    ["settled", { type: "retryDue" }, []],
    ["settled", resolve(up, 0), []],
    ["settled", { type: "stop" }, []],
    ["waiting", request(up), ["evidence.requested"]],
    ["waiting", { type: "retryDue" }, ["evidence.retry_due"]],
    ["waiting", resolve(up, 0), []],
    ["waiting", { type: "stop" }, ["evidence.resolved"]],
    ["asking", request(up), ["evidence.requested"]],
    ["asking", { type: "retryDue" }, []],
    ["asking", resolve(up), ["evidence.resolved"]],
    ["asking", resolve(up, 2), []],
    ["asking", { type: "stop" }, ["evidence.resolved"]],
    ["stopped", request(down), ["evidence.requested"]],
    ["stopped", { type: "retryDue" }, []],
    ["stopped", resolve(up), []],
    ["stopped", { type: "stop" }, []],
  ];
  test.each(table)("%s, %o -> %o", (name, command, events) => {
    expect(decide(states[name], command, now).events.map((event) => event.type)).toEqual(events);
  });
});

test("what is proved has no timer and keeps nothing for asking again", () => {
  expect(timers(settled)).toEqual([]);
  expect([settled.requirements, settled.evidence, settled.subjects]).toEqual([[], [], []]);
});

test("a silent register sets a timer; the timer asks again; the answer settles it", () => {
  expect(timers(waiting)).toEqual([{ name: "retry", at: after(1000) }]);
  expect(timers(asking)).toEqual([]);
  const done = run(asking, resolve(up))!;
  expect(timers(done)).toEqual([]);
  expect(done.receipts).toEqual(up);
  expect(done.requirements).toEqual([]);
  expect(done.stopped).toBe(false);
});

test("still silent, the timer is set again and the event says until when, with no receipt in it", () => {
  const { events } = decide(asking, resolve([]), now);
  expect(events).toEqual([
    { type: "evidence.resolved", data: { caseId: "c", receipts: [], retryAt: after(2000) } },
  ]);
  expect(timers(run(asking, resolve([]))!)).toEqual([{ name: "retry", at: after(2000) }]);
});

test("a closed case is asked for no more, and an answer on its way changes nothing", () => {
  expect(stopped.stopped).toBe(true);
  expect(timers(stopped)).toEqual([]);
  const stoppedWhileAsking = run(asking, { type: "stop" })!;
  expect(run(stoppedWhileAsking, resolve(up))).toEqual(stoppedWhileAsking);
});

test("verify finds evidence that nothing will ask for again, and only that", () => {
  for (const state of [settled, waiting, asking, stopped]) expect(unfinished(state, now)).toBeUndefined();
  expect(unfinished({ ...waiting, retryAt: null }, now)).toContain("nothing asks for it again");
  expect(unfinished(asking, new Date(now.getTime() + 3_700_000))).toContain("without an outcome");
});

describe("what a new look-up changes", () => {
  const heirs = inquiry({ subjects: [person("mother", "a", 0), person("mother", "b", 1)] });
  const look = (...given: Parameters<typeof answers>) =>
    findAll(
      heirs,
      facts({
        answers: answers(...given),
        numbers: new Map([
          ["a", "1"],
          ["b", "2"],
        ]),
      }),
    ).map((each) => each.receipt);
  const before = look(["a", found()], ["b", { kind: "unavailable", why: "silent" }]);

  test("nothing, where the register says the same", () => {
    expect(changes(before, look(["a", found()], ["b", { kind: "unavailable", why: "silent" }]))).toEqual([]);
  });

  test("what was unavailable; what was proved stays as it was pinned", () => {
    const changed = changes(before, look(["a", { kind: "absent" }], ["b", found()]));
    expect(changed.map((each) => [each.personId, each.state])).toEqual([
      ["a", "proved"],
      ["b", "proved"],
    ]);
    expect(changed[0]).toBe(before[0]);
  });

  test("all of a matter, where somebody else's evidence now proves it", () => {
    const father = alternative({ pair: { evidence: "booklet", role: "father", to: "" } });
    const either = inquiry({ requirements: [requirement(alternative(), father)] });
    const lookAt = (known: Parameters<typeof answers>) =>
      findAll(either, facts({ answers: answers(...known) })).map((each) => each.receipt);
    const both = lookAt([
      ["mother", { kind: "unavailable", why: "silent" }],
      ["father", { kind: "unavailable", why: "silent" }],
    ]);
    const changed = changes(
      both,
      lookAt([
        ["mother", { kind: "absent" }],
        ["father", found()],
      ]),
    );
    expect(changed.map((each) => [each.personId, each.state])).toEqual([["father", "proved"]]);
    const state = run(run(run(null, request(both)), { type: "retryDue" }), resolve(changed))!;
    expect(state.receipts).toEqual(changed);
    expect(state.retryAt).toBeNull();
  });
});

test("only what is still unavailable is kept for asking again", () => {
  const proved = { ...requirement(alternative({ rungs: ["original"] })), id: "shown" };
  const open = { ...requirement(), items: ["I1", "I2"] };
  const wide = inquiry({ requirements: [proved, open] });
  const kept = toAskAgain(wide, [{ ...down[0]!, item: "I2" }]);
  expect(kept.requirements.map((each) => [each.id, each.items])).toEqual([["proof", ["I2"]]]);
  expect(kept.evidence).toEqual([booklet]);
});

test("waits double and are capped, at any attempt", () => {
  expect([1, 2, 3, 4].map((attempt) => backoffMs(attempt, 1000, 5000))).toEqual([1000, 2000, 4000, 5000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (attempt) => {
      const wait = backoffMs(attempt, 1000, 600_000);
      expect(wait).toBeGreaterThanOrEqual(1000);
      expect(wait).toBeLessThanOrEqual(600_000);
    }),
  );
});
