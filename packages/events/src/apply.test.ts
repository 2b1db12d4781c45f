import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Copying, silent, startCopying } from "../test/copying.ts";
import { listStuck } from "./apply.ts";

let it: Copying;
beforeEach(async () => {
  it = await startCopying();
});
afterEach(() => it.close());

/** The consumer cannot take this line, whatever case it is of. */
const failOn = (line: string, error: () => Error = () => new Error("cannot take it")) => {
  const attempts: string[] = [];
  it.hooks.before = (event) => {
    attempts.push(event.data.item);
    if (event.data.item === line) throw error();
  };
  return attempts;
};

describe("an event that fails", () => {
  test("is tried again, and goes through when it can", async () => {
    await it.write("one", "a", "b");
    let failures = 2;
    it.hooks.before = () => {
      if (failures-- > 0) throw new Error("not yet");
    };
    await it.feed().drain();
    expect(await it.copied("one")).toEqual(["a", "b"]);
    expect(await it.stuck("one")).toEqual([]);
  });

  test("after its last attempt waits on the stuck list with the later ones of its case; other cases run on", async () => {
    await it.write("one", "a", "bad", "c");
    await it.write("two", "x", "y");
    const attempts = failOn("bad");
    await it.feed().drain();
    expect(attempts.filter((line) => line === "bad")).toHaveLength(3);
    expect(await it.copied("one")).toEqual(["a"]);
    expect(await it.copied("two")).toEqual(["x", "y"]);
    expect(await it.stuck("one")).toEqual([
      { line: "sheet/one@2", error: "cannot take it", attempts: 3 },
      { line: "sheet/one@3", error: "an earlier event of this case is stuck", attempts: 0 },
    ]);
  });

  test("holds back what comes later, also in another batch and after a restart", async () => {
    await it.write("one", "bad");
    failOn("bad");
    await it.feed().drain();
    it.hooks.before = () => undefined;
    await it.write("one", "later");
    await it.write("two", "x");
    await it.feed().drain();
    expect(await it.copied("one")).toEqual([]);
    expect(await it.copied("two")).toEqual(["x"]);
    expect(await it.stuck("one")).toHaveLength(2);
  });

  test("is not doubled on the list when it is read again", async () => {
    await it.write("one", "bad", "c");
    failOn("bad");
    await it.feed().drain();
    await it.forget();
    await it.feed().drain();
    expect(await it.stuck("one")).toHaveLength(2);
  });

  test("is listed for staff with its case and reason, whatever bytes the reason holds", async () => {
    await it.write("one", "bad");
    failOn("bad", () => new Error("zero\u0000byte"));
    await it.feed().drain();
    expect(await listStuck(it.db)).toMatchObject([
      {
        consumer: "copier",
        eventId: "sheet/one@1",
        caseId: "one",
        type: "case.item_accepted",
        error: "zerobyte",
      },
    ]);
  });

  test("of a schema this program does not know is stuck, not skipped", async () => {
    await it.write("one", "a");
    const read: typeof it.source.read = async (after, limit) =>
      (await it.source.read(after, limit)).map((event) => ({ ...event, schema: 99 }));
    await it.feed({ source: { ...it.source, read } }).drain();
    expect(await it.stuck("one")).toMatchObject([{ error: expect.stringContaining("schema 99") }]);
  });
});

describe("something that is only unavailable", () => {
  test("is waited for beyond the last attempt, and never stuck", async () => {
    await it.write("one", "a");
    const attempts = failOn("a", silent);
    const feed = it.feed();
    feed.start();
    // Two short pauses, then a long one: the third attempt has failed and the event still waits its turn.
    await vi.waitFor(() => expect(attempts).toHaveLength(3));
    expect(await it.stuck("one")).toEqual([]);
    await feed.stop();
    expect(await it.stuck("one")).toEqual([]);
    expect(await it.cursor()).toBeUndefined();
    it.hooks.before = () => undefined;
    await it.feed().drain();
    expect(await it.copied("one")).toEqual(["a"]);
  });
});

describe("a replay", () => {
  const stuckCase = async () => {
    await it.write("one", "a", "bad", "c", "d");
    failOn("bad");
    await it.feed().drain();
    it.hooks.before = () => undefined;
  };

  test("applies the stuck events of the case in their order, and later ones flow again", async () => {
    await stuckCase();
    expect(await it.feed().replay("one")).toBe(3);
    await it.write("one", "e");
    await it.feed().drain();
    expect(await it.copied("one")).toEqual(["a", "bad", "c", "d", "e"]);
    expect(await it.stuck("one")).toEqual([]);
  });

  test("stops at the first that still fails, and keeps why", async () => {
    await stuckCase();
    failOn("c", () => new Error("now this one"));
    expect(await it.feed().replay("one")).toBe(1);
    expect(await it.copied("one")).toEqual(["a", "bad"]);
    expect(await it.stuck("one")).toMatchObject([
      { line: "sheet/one@3", error: "now this one", attempts: 1 },
      { line: "sheet/one@4" },
    ]);
  });

  test("done twice at once changes nothing twice", async () => {
    await stuckCase();
    await Promise.all([it.feed().replay("one"), it.feed().replay("one")]);
    expect(await it.copied("one")).toEqual(["a", "bad", "c", "d"]);
    expect(await it.stuck("one")).toEqual([]);
  });

  test("takes along what joins the list meanwhile; nothing stays behind with nothing ahead of it", async () => {
    await stuckCase();
    const feed = it.feed();
    feed.start();
    const more = Array.from({ length: 40 }, (_, i) => `more-${i}`);
    const writing = it.write("one", ...more);
    await it.feed().replay("one");
    await writing;
    await feed.drain();
    await feed.stop();
    await it.feed().replay("one");
    expect(await it.copied("one")).toEqual(["a", "bad", "c", "d", ...more]);
  });

  test("of a case that has nothing stuck does nothing", async () => {
    expect(await it.feed().replay("nowhere")).toBe(0);
  });
});
