// What must hold of events between services, whatever carries them. Run against the event tables and against Kafka.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listStuck } from "../src/apply.ts";
import { type Copying, type StartTransport, silent, startCopying } from "./copying.ts";

const letters = [..."abcdefghij"];

export function describePort(name: string, transport?: StartTransport): void {
  let it: Copying;
  beforeEach(async () => {
    it = await startCopying(transport);
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

  describe(`${name}: a feed`, () => {
    test("applies every event once, those of a case in their order", async () => {
      await Promise.all([it.write("one", ...letters), it.write("two", ...letters), it.write("three", "x")]);
      expect(await it.drained()).toBe(21);
      expect(await it.copied("one")).toEqual(letters);
      expect(await it.copied("two")).toEqual(letters);
      expect(await it.copied("three")).toEqual(["x"]);
    });

    test("brings the message with its envelope", async () => {
      const seen: object[] = [];
      it.hooks.before = (event) => seen.push(event);
      await it.write("one", "a", "b");
      await it.drained();
      const [first] = await it.publisher.read({ xid: "0", position: 0 }, 1);
      const { stream, version, caseId, actor, at, trace } = first!;
      expect(seen).toMatchObject([
        { id: "sheet/one@1", type: "case.item_accepted", stream, version, caseId, actor, at, trace },
        { id: "sheet/one@2", stream: "sheet/one", version: 2, data: { item: "b" } },
      ]);
    });

    test("goes on after a restart where it was", async () => {
      await it.write("one", "a", "b");
      const first = it.member();
      await it.drained(first);
      await first.stop();
      await it.write("one", "c");
      const seen: string[] = [];
      it.hooks.before = (event) => seen.push(event.data.item);
      expect(await it.drained()).toBe(1);
      expect(seen).toEqual(["c"]);
    });

    test("reads all again when its place is lost, and changes nothing", async () => {
      await it.write("one", ...letters);
      const first = it.member();
      await it.drained(first);
      await first.stop();
      await it.transport.forget();
      expect(await it.drained()).toBe(letters.length);
      expect(await it.copied("one")).toEqual(letters);
    });

    test("takes more than a batch", async () => {
      const lines = Array.from({ length: 1100 }, (_, i) => String(i));
      await Promise.all(lines.map((line) => it.write(`case-${line}`, line)));
      expect(await it.drained()).toBe(1100);
      expect(await it.copied("case-1099")).toEqual(["1099"]);
    });

    test("applies what is committed by itself", async () => {
      it.member().start();
      for (const line of letters) {
        await it.write("one", line);
        await vi.waitFor(async () => expect((await it.copied("one")).at(-1)).toBe(line), {
          interval: 2,
          timeout: 15_000,
        });
      }
    });

    test("stopped in the middle of a batch has nothing in flight and loses nothing", async () => {
      const cases = Array.from({ length: 30 }, (_, i) => `case-${i}`);
      await Promise.all(cases.map((caseId) => it.write(caseId, "a", "b", "c")));
      const feed = it.member();
      let handled = 0;
      let stopping: Promise<void> | undefined;
      it.hooks.before = () => {
        handled += 1;
        if (handled === 40) stopping = feed.stop();
      };
      feed.start();
      await vi.waitFor(() => expect(stopping).toBeDefined(), { timeout: 15_000 });
      await stopping;
      const atStop = handled;
      await it.copier.drain();
      expect(handled).toBe(atStop);
      await it.drained();
      for (const caseId of cases) expect(await it.copied(caseId)).toEqual(["a", "b", "c"]);
      expect(await it.db.query("select 1 from stuck_event")).toEqual([]);
    });
  });

  describe(`${name}: replicas of a consumer`, () => {
    const cases = ["one", "two", "three", "four"];

    test("at the same time do no harm", async () => {
      const members = [it.member(), it.member()];
      for (const member of members) member.start();
      await Promise.all(cases.map((caseId) => it.write(caseId, ...letters)));
      await Promise.all(members.map((member) => it.drained(member)));
      for (const caseId of cases) expect(await it.copied(caseId)).toEqual(letters);
      expect(await it.db.query("select 1 from stuck_event")).toEqual([]);
    });

    test("come and go under load, and nothing is missed or acts twice", async () => {
      let member = it.member();
      member.start();
      const lines = Array.from({ length: 60 }, (_, i) => String(i));
      const writing = Promise.all(cases.map((caseId) => it.write(caseId, ...lines)));
      for (let i = 0; i < 3; i++) {
        const next = it.member();
        next.start();
        await vi.waitFor(async () => expect((await it.copied("one")).length).toBeGreaterThan(i * 5), {
          timeout: 15_000,
        });
        await member.stop();
        member = next;
      }
      await writing;
      await it.drained(member);
      for (const caseId of cases) expect(await it.copied(caseId)).toEqual(lines);
    });
  });

  describe(`${name}: an event that fails`, () => {
    test("is tried again, and goes through when it can", async () => {
      await it.write("one", "a", "b");
      let failures = 2;
      it.hooks.before = () => {
        if (failures-- > 0) throw new Error("not yet");
      };
      await it.drained();
      expect(await it.copied("one")).toEqual(["a", "b"]);
      expect(await it.stuck("one")).toEqual([]);
    });

    test("after its last attempt waits on the stuck list with the later ones of its case; other cases run on", async () => {
      await it.write("one", "a", "bad", "c");
      await it.write("two", "x", "y");
      const attempts = failOn("bad");
      await it.drained();
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
      const first = it.member();
      await it.drained(first);
      await first.stop();
      it.hooks.before = () => undefined;
      await it.write("one", "later");
      await it.write("two", "x");
      await it.drained();
      expect(await it.copied("one")).toEqual([]);
      expect(await it.copied("two")).toEqual(["x"]);
      expect(await it.stuck("one")).toHaveLength(2);
    });

    test("is not doubled on the list when it is read again", async () => {
      await it.write("one", "bad", "c");
      failOn("bad");
      const first = it.member();
      await it.drained(first);
      await first.stop();
      await it.transport.forget();
      await it.drained();
      expect(await it.stuck("one")).toHaveLength(2);
    });

    test("is listed for staff with its case and reason, whatever bytes the reason holds", async () => {
      await it.write("one", "bad");
      failOn("bad", () => new Error("zero\u0000byte"));
      await it.drained();
      expect(await listStuck(it.db)).toMatchObject([
        {
          ...{ consumer: "copier", eventId: "sheet/one@1", caseId: "one" },
          ...{ type: "case.item_accepted", error: "zerobyte" },
        },
      ]);
    });

    test("of a schema this program does not know is stuck, not skipped", async () => {
      it.hooks.stored = (event) => ({ ...event, schema: 99 });
      await it.write("one", "a");
      await it.drained();
      expect(await it.stuck("one")).toMatchObject([{ error: expect.stringContaining("schema 99") }]);
    });

    test("because something is unavailable is waited for beyond the last attempt, and never stuck", async () => {
      await it.write("one", "a");
      const attempts = failOn("a", silent);
      const feed = it.member();
      feed.start();
      // Two short pauses, then a long one: the third attempt has failed and the event still waits its turn.
      await vi.waitFor(() => expect(attempts).toHaveLength(3), { timeout: 15_000 });
      expect(await it.stuck("one")).toEqual([]);
      await feed.stop();
      expect(await it.stuck("one")).toEqual([]);
      it.hooks.before = () => undefined;
      await it.drained();
      expect(await it.copied("one")).toEqual(["a"]);
    });
  });

  describe(`${name}: a replay`, () => {
    const stuckCase = async () => {
      await it.write("one", "a", "bad", "c", "d");
      failOn("bad");
      const feed = it.member();
      await it.drained(feed);
      it.hooks.before = () => undefined;
      return feed;
    };

    test("applies the stuck events of the case in their order, and later ones flow again", async () => {
      const feed = await stuckCase();
      expect(await feed.replay("one")).toBe(3);
      await it.write("one", "e");
      await it.drained(feed);
      expect(await it.copied("one")).toEqual(["a", "bad", "c", "d", "e"]);
      expect(await it.stuck("one")).toEqual([]);
    });

    test("stops at the first that still fails, and keeps why", async () => {
      const feed = await stuckCase();
      failOn("c", () => new Error("now this one"));
      expect(await feed.replay("one")).toBe(1);
      expect(await it.copied("one")).toEqual(["a", "bad"]);
      expect(await it.stuck("one")).toMatchObject([
        { line: "sheet/one@3", error: "now this one", attempts: 1 },
        { line: "sheet/one@4" },
      ]);
    });

    test("done twice at once changes nothing twice", async () => {
      const feed = await stuckCase();
      await Promise.all([feed.replay("one"), it.member().replay("one")]);
      expect(await it.copied("one")).toEqual(["a", "bad", "c", "d"]);
      expect(await it.stuck("one")).toEqual([]);
    });

    test("takes along what joins the list meanwhile; nothing stays behind with nothing ahead of it", async () => {
      const feed = await stuckCase();
      feed.start();
      const more = Array.from({ length: 40 }, (_, i) => `more-${i}`);
      const writing = it.write("one", ...more);
      await feed.replay("one");
      await writing;
      await it.drained(feed);
      await feed.replay("one");
      expect(await it.copied("one")).toEqual(["a", "bad", "c", "d", ...more]);
    });

    test("of a case that has nothing stuck does nothing", async () => {
      expect(await it.member().replay("nowhere")).toBe(0);
    });
  });
}
