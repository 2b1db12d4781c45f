// What Prometheus reads of every kind of process. The list of names lies beside the alerts and the dashboard, and is written
// by this test (`vitest -u`): they can ask only for what a process really tells.
import { services } from "@onething/all-in-one/scaled/layout";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AtScale, atScale } from "../city/scaled.ts";
import { type City, startIn } from "../harness.ts";

let city: City<AtScale>;

beforeAll(async () => {
  city = await startIn(atScale);
});
afterAll(() => city?.close());

/** What a process tells, by name: the parts of a histogram are names of their own. */
const namesIn = (text: string): string[] =>
  [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name, type]) =>
    type === "histogram" ? ["_bucket", "_sum", "_count"].map((part) => `${name}${part}`) : [name!],
  );

async function scrape(name: string): Promise<string> {
  const place = city.here.scaled.places.find((each) => each.name === name)!;
  const answer = await fetch(`http://127.0.0.1:${place.port}/metrics`);
  const text = await answer.text();
  expect(answer.status, `${name}: ${text.slice(0, 500)}`).toBe(200);
  return text;
}

test("every kind of process can be scraped, and tells exactly the metrics that alerts and dashboard may ask for", async () => {
  const kinds = [...services, "front"];
  const by = new Map<string, string[]>();
  for (const kind of kinds)
    for (const name of namesIn(await scrape(kind))) by.set(name, [...(by.get(name) ?? []), kind]);
  const lines = [...by].map(([name, of]) => `${name}  ${of.length === kinds.length ? "all" : of.join(" ")}`);
  await expect(`${lines.sort().join("\n")}\n`).toMatchFileSnapshot("../../deploy/monitoring/metrics.txt");
});

test("what is watched of every service has a number, also when there is nothing to tell", async () => {
  const numbers = async (kind: string, name: string) =>
    (await scrape(kind)).match(new RegExp(`^${name}(\\{.*\\})? .+$`, "gm")) ?? [];
  for (const kind of services)
    for (const name of ["onething_journal_queue_depth", "onething_relay_lag_events"])
      expect(await numbers(kind, name), `${kind} ${name}`).toHaveLength(1);
  for (const kind of ["case-window", "approval-workflow"])
    expect(await numbers(kind, "onething_stuck_events")).not.toEqual([]);
});
