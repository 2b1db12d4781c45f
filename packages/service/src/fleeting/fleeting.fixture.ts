// What must hold of fleeting state, wherever it lies. Two replicas share it; in one process they are the same one.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Fleeting } from "./port.ts";
import type { Rate } from "./rate.ts";

export interface Replicas {
  one: Fleeting;
  other: Fleeting;
  close(): Promise<void>;
}

/** Ten at once, then one every 100 ms. */
const rate: Rate = { burst: 10, perMinute: 600 };

export function fleetingSuite(where: string, open: () => Promise<Replicas>, missing = ""): void {
  describe.skipIf(missing)(`fleeting state ${where}`, () => {
    let close = async () => {};
    afterEach(() => close());
    const replicas = async () => {
      const both = await open();
      close = both.close;
      await vi.waitFor(() => expect(both.one.hearsOthers() && both.other.hearsOthers()).toBe(true), 10_000);
      return both;
    };

    test("of many at once, exactly the burst is let in, whichever replica they come to", async () => {
      const { one, other } = await replicas();
      const bucket = randomUUID();
      const waits = await Promise.all(
        Array.from({ length: 40 }, (_, i) => (i % 2 ? one : other).take(bucket, rate)),
      );
      const refused = waits.filter((wait) => wait > 0);
      expect(waits.length - refused.length).toBe(rate.burst);
      expect(Math.max(...refused)).toBeLessThanOrEqual(100);
    });

    test("who waits as long as told is let in, once; who does not is told again and loses nothing by asking", async () => {
      const { one, other } = await replicas();
      const bucket = randomUUID();
      const slow: Rate = { burst: 1, perMinute: 120 };
      expect(await one.take(bucket, slow)).toBe(0);
      const wait = await other.take(bucket, slow);
      expect(wait).toBeGreaterThan(0);
      for (let ask = 0; ask < 5; ask++) expect(await one.take(bucket, slow)).toBeLessThanOrEqual(wait);
      await sleep(wait + 5);
      expect(await other.take(bucket, slow)).toBe(0);
      expect(await one.take(bucket, slow)).toBeGreaterThan(0);
    });

    test("one bucket's taking is nothing to another", async () => {
      const { one } = await replicas();
      const [first, second] = [randomUUID(), randomUUID()];
      while ((await one.take(first, { burst: 2, perMinute: 1 })) === 0);
      expect(await one.take(second, { burst: 2, perMinute: 1 })).toBe(0);
    });

    test("every listener of a channel hears a message, in order and once; no other does, nor who has left", async () => {
      const { one, other } = await replicas();
      const channel = randomUUID();
      const heard: Record<string, (string | undefined)[]> = { here: [], there: [], elsewhere: [], left: [] };
      const listen = (replica: Fleeting, name: string, on = channel) =>
        replica.subscribe(on, (message) => message !== undefined && heard[name]!.push(message));
      const leave = listen(other, "left");
      listen(one, "here");
      listen(other, "there");
      listen(other, "elsewhere", randomUUID());
      await vi.waitFor(() => expect(one.hearsOthers() && other.hearsOthers()).toBe(true), 10_000);
      leave();
      const said = Array.from({ length: 100 }, (_, i) => `message ${i}`);
      for (const message of said) one.publish(channel, message);
      await vi.waitFor(() => expect(heard.there).toHaveLength(said.length), 5_000);
      expect(heard).toEqual({ here: said, there: said, elsewhere: [], left: [] });
    });

    test("a stop leaves nothing running, and what comes after it harms nobody", async () => {
      const { one } = await replicas();
      one.subscribe("channel", () => {});
      await one.stop();
      one.publish("channel", "too late");
      expect(await one.take(randomUUID(), rate)).toBe(0);
    });
  });
}
