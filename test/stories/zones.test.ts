// The demo says the same legal dates whatever zone the machine is in.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { documentOf } from "@onething/all-in-one/demo/document";
import { beforeAll, describe, expect, test } from "vitest";

type Document = ReturnType<typeof documentOf>;
const command = fileURLToPath(new URL("../../services/all-in-one/src/main.ts", import.meta.url));

/** `npm run demo -- --json` on a machine of another zone. */
async function demoIn(zone: string): Promise<Document> {
  const { ONETHING_DATA: _, ...env } = process.env;
  const options = { env: { ...env, TZ: zone, ONETHING_LOG_LEVEL: "error" }, timeout: 90_000 };
  const { stdout } = await promisify(execFile)(process.execPath, [command, "demo", "--json"], options);
  return JSON.parse(stdout) as Document;
}

describe("the demo as a process of its own", () => {
  // Where it is evening, where it is morning, and where the day is surely another than at one of the two.
  const zones = ["UTC", "America/Los_Angeles", "Asia/Tokyo"];
  let demos: Document[];
  beforeAll(async () => {
    demos = await Promise.all(zones.map(demoIn));
  });

  test("shows the same legal dates in every zone", () => {
    const datesOf = ({ case: file, items }: Document) => {
      const day = new Date(Date.parse(file.submittedAt!) + 8 * 3_600_000).toISOString().slice(0, 10);
      // Told from the day of filing, so that it holds also when midnight comes between the runs.
      const numbered = file.number!.slice(15, 23);
      return {
        numbered: numbered === day.replaceAll("-", ""),
        dates: items.map(({ code, dueOn }) => [code, since(day, dueOn!)]),
      };
    };
    const [first, ...others] = demos.map(datesOf);
    expect(first!.numbered).toBe(true);
    for (const other of others) expect(other).toEqual(first);
  });

  test("says instants in UTC with milliseconds in every zone", () => {
    for (const { case: file, items, licences } of demos) {
      const instants = [
        file.submittedAt,
        file.finishedAt,
        ...items.map((each) => each.startedAt),
        ...licences.map((each) => each.issuedAt),
      ];
      for (const instant of instants) expect(instant).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    }
  });
});

/** Days between two dates of the calendar. */
const since = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;
