// A family watches its case: what the page of the case will say, said as it happens.
import { afterAll, beforeAll, expect, test } from "vitest";
import { closed, filed } from "../faults/filing.ts";
import { readStream } from "../faults/streams.ts";
import { type City, startCity } from "../harness.ts";

let city: City;
beforeAll(async () => {
  city = await startCity({ play: { delayMs: [20, 100] } });
});
afterAll(() => city?.close());

test("mother and father are told every step of the birth as it happens, and that it has ended", async () => {
  const { platform } = city;
  const mother = await city.as("mother");
  const path = await filed(mother);
  // Each twice: of a platform with replicas they are answered by different ones.
  const readers = ["mother", "father", "mother", "father"].map((sub) =>
    readStream(async (headers) => {
      const token = await platform.issuer.sign(
        { sub, role: "citizen", personId: platform.sample.people.get(sub)! },
        600,
      );
      return fetch(`${platform.url}${path}/events`, {
        headers: { ...headers, authorization: `Bearer ${token}` },
      });
    }),
  );
  const { timeline } = await closed(mother, path);
  // The stream ends with the case; who comes back quickly enough is also told that a result was delivered after it.
  const told = timeline.slice(0, timeline.findIndex(({ zh }) => zh === "全部办好了") + 1);
  for (const { done, messages, delays } of readers) {
    await done;
    const entries = messages.map(({ id: _, ...entry }) => entry);
    expect(entries.slice(0, told.length)).toEqual(told);
    expect(told.at(-1)).toMatchObject({ zh: "全部办好了", en: "Everything is done" });
    for (const { en } of entries.slice(told.length)) expect(en).toMatch(/ is delivered /);
    expect(Math.max(...delays)).toBeLessThan(5_000);
  }
});

test("a number that is none is refused in words, not taken for the beginning", async () => {
  const mother = await city.as("mother");
  const path = await filed(mother);
  const token = await city.platform.issuer.sign(
    { sub: "mother", role: "citizen", personId: city.platform.sample.people.get("mother")! },
    600,
  );
  for (const id of ["-1", "1.5", "last", "99999999999"]) {
    const headers = { authorization: `Bearer ${token}`, "last-event-id": id };
    const answer = await fetch(`${city.platform.url}${path}/events`, { headers });
    expect(answer.status, id).toBe(400);
    expect(await answer.json()).toMatchObject({
      reason: "request.invalid",
      fields: [{ field: "last-event-id" }],
    });
  }
});
