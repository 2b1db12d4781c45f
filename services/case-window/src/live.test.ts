import { createMemoryFleeting } from "@onething/service/fleeting/memory";
import type { Listener } from "@onething/service/fleeting/port";
import { expect, test } from "vitest";
import { createLive } from "./live.ts";

const never = new AbortController().signal;

const soon = (wait: Promise<boolean>) =>
  Promise.race([wait, new Promise((resolve) => setTimeout(resolve, 100, "still waiting"))]);

/** A Fleeting of which the test says what is heard. */
function said(hears = true) {
  const listeners = new Set<Listener>();
  return {
    publish: () => {},
    subscribe: (_: string, listener: Listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    hearsOthers: () => hears,
    say: (message: string | undefined) => {
      for (const listener of listeners) listener(message);
    },
  };
}

test("a commit stirs those who watch its cases, on this replica and another, and nobody else", async () => {
  const fleeting = createMemoryFleeting();
  const [here, there] = [createLive(fleeting, { silenceMs: 50 }), createLive(fleeting, { silenceMs: 50 })];
  const watches = [here.watch("a", "mei"), there.watch("b", "mei"), there.watch("c", "mei")];
  here.committed(["a", "b", "b"]);
  expect(await Promise.all(watches.map((watch) => watch.stirred(never)))).toEqual([true, true, false]);
});

test("what is said while the watcher is busy is not lost, and said often it stirs once", async () => {
  const fleeting = said();
  const watch = createLive(fleeting, { silenceMs: 60_000 }).watch("a", "mei");
  for (let i = 0; i < 1000; i++) fleeting.say("a");
  expect(await soon(watch.stirred(never))).toBe(true);
  expect(await soon(watch.stirred(never))).toBe("still waiting");
});

test("after messages may have been lost, everybody looks", async () => {
  const fleeting = said();
  const live = createLive(fleeting, { silenceMs: 60_000 });
  const stirred = ["a", "b"].map((id) => live.watch(id, "mei").stirred(never));
  fleeting.say(undefined);
  expect(await Promise.all(stirred)).toEqual([true, true]);
});

test("where others cannot be heard, a watcher looks soon; where they can, seldom", async () => {
  const often = createLive(said(false), { silenceMs: 60_000, deafMs: 10 }).watch("a", "mei");
  expect(await often.stirred(never)).toBe(false);
  const ending = new AbortController();
  const seldom = createLive(said(true), { silenceMs: 60_000, deafMs: 10 }).watch("a", "mei");
  expect(await soon(seldom.stirred(ending.signal))).toBe("still waiting");
  ending.abort();
});

test("an end is heard at once, also before the wait", async () => {
  const watch = createLive(said(), { silenceMs: 60_000 }).watch("a", "mei");
  const ending = new AbortController();
  const waits = watch.stirred(ending.signal);
  ending.abort();
  expect([await waits, await watch.stirred(ending.signal)]).toEqual([false, false]);
});

test("nobody watches without bound, and who leaves makes room, once", () => {
  const live = createLive(said(), { maxWatches: 3, maxOfOne: 2 });
  const [first] = [live.watch("a", "mei"), live.watch("a", "mei")];
  expect(() => live.watch("b", "mei")).toThrow(expect.objectContaining({ reason: "live.too_many" }));
  live.watch("a", "jun");
  expect(() => live.watch("a", "lan")).toThrow(expect.objectContaining({ code: "exhausted" }));
  first?.leave();
  first?.leave();
  live.watch("a", "lan");
  expect(() => live.watch("a", "lan")).toThrow();
});
