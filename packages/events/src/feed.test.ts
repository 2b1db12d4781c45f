import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Copying, startCopying } from "../test/copying.ts";

let it: Copying;
beforeEach(async () => {
  it = await startCopying();
});
afterEach(() => it.close());

const letters = [..."abcdefghij"];

describe("a feed of the event tables", () => {
  test("moves the cursor only after the whole batch is in", async () => {
    await it.write("one", "a");
    await it.write("two", "b");
    await it.feed().drain();
    const before = await it.cursor();
    await it.write("one", "c");
    await it.write("two", "d");
    const during: unknown[] = [];
    it.hooks.before = async () => during.push(await it.cursor());
    await it.feed().drain();
    expect(during).toEqual([before, before]);
    expect(await it.cursor()).not.toEqual(before);
  });

  test("never moves the cursor back for a slower feed beside it", async () => {
    await it.write("one", "a");
    const atEachRead: unknown[] = [];
    const read: typeof it.source.read = async (after, limit) => {
      atEachRead.push(await it.cursor());
      return it.source.read(after, limit);
    };
    let pass = () => {};
    let caught = () => {};
    const held = new Promise<void>((resolve) => {
      pass = resolve;
    });
    const inHand = new Promise<void>((resolve) => {
      caught = resolve;
    });
    it.hooks.before = () => {
      caught();
      return held;
    };
    const draining = it.feed({ source: { ...it.source, read } }).drain();
    await inHand;
    it.hooks.before = () => undefined;
    await it.write("one", "b");
    await it.feed().drain();
    const far = await it.cursor();
    pass();
    await draining;
    expect(atEachRead).toEqual([undefined, far, far]);
    expect(await it.copied("one")).toEqual(["a", "b"]);
  });

  test("reads more than one batch, and keeps its place also among events it does not want", async () => {
    const lines = Array.from({ length: 520 }, (_, i) => String(i));
    await Promise.all(lines.map((line) => it.write(`case-${line}`, line)));
    const deaf = it.feed({ consumer: { ...it.consumer, types: ["case.closed"] } });
    expect(await deaf.drain()).toBe(0);
    expect(await it.cursor()).toMatchObject({ position: expect.any(Number) });
    await it.forget();
    expect(await it.feed().drain()).toBe(520);
    expect(await it.copied("case-519")).toEqual(["519"]);
  });

  test("waits for an older transaction that may still write, and then misses nothing", async () => {
    const feed = it.feed();
    await it.publisher.db.withClient(async (client) => {
      await client.simple("begin; select pg_current_xact_id()");
      await it.write("one", "a");
      expect(await feed.drain()).toBe(0);
      await client.simple("commit");
    });
    expect(await feed.drain()).toBe(1);
    expect(await it.copied("one")).toEqual(["a"]);
  });
});

describe("a running feed of the event tables", () => {
  test("applies what is committed by itself, and hears of it without polling", async () => {
    const feed = it.feed();
    feed.start();
    for (const line of letters) {
      await it.write("one", line);
      await vi.waitFor(async () => expect((await it.copied("one")).at(-1)).toBe(line), { interval: 2 });
    }
    await feed.stop();
  });

  test("also finds what another process has committed", async () => {
    const feed = it.feed({ source: { ...it.source, onCommit: () => () => undefined } });
    feed.start();
    await it.write("one", "a");
    await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["a"]), { timeout: 5000 });
    await feed.stop();
  });

  test("asked to drain meanwhile never has an event in hand twice", async () => {
    const seen: string[] = [];
    it.hooks.before = (event) => seen.push(event.id);
    const feed = it.feed();
    feed.start();
    const writing = it.write("one", ...letters);
    for (let i = 0; i < 20; i++) await Promise.all([feed.drain(), feed.drain()]);
    await writing;
    await feed.drain();
    await feed.stop();
    expect(seen).toEqual(letters.map((_, i) => `sheet/one@${i + 1}`));
  });

  test("survives a source that cannot be read for a while", async () => {
    let broken = 2;
    const read: typeof it.source.read = (after, limit) =>
      broken-- > 0 ? Promise.reject(new Error("no connection")) : it.source.read(after, limit);
    const feed = it.feed({ source: { ...it.source, read } });
    feed.start();
    await it.write("one", "a");
    await vi.waitFor(async () => expect(await it.copied("one")).toEqual(["a"]), { timeout: 5000 });
    await feed.stop();
  });
});
