// Legal dates are dates of the city, whatever zone the machine is in and however near midnight it is.
import { type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { civilDate } from "@onething/kernel/civil-date";
import { afterEach, describe, expect, test } from "vitest";
import { type City, clockFrom, startCity } from "../harness.ts";
import { workingDay } from "./checks.ts";

describe("around midnight in the city, on a machine in California", () => {
  const zone = process.env.TZ;
  let city: City | undefined;
  afterEach(async () => {
    await city?.close();
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  async function birthAt(instant: string): Promise<Played> {
    process.env.TZ = "America/Los_Angeles";
    city = await startCity({ play: { now: clockFrom(instant) } });
    return play(city, scriptOf(city, "birth"));
  }
  const dueOf = ({ case: file }: Played) =>
    Object.fromEntries(file.items.map(({ code, dueOn }) => [code, dueOn]));

  // Monday: a Mid-Autumn weekend, the National Day week and a Saturday at work lie before the later dates.
  test("minutes before, a case is of the day that ends", async () => {
    const played = await birthAt("2026-09-21T23:56:00+08:00");
    expect(played.case.number).toContain("43099920260921");
    expect(dueOf(played)).toMatchObject({
      B1: "2026-09-29",
      B2: "2026-09-22",
      B4: "2026-11-09",
      B6: "2026-10-26",
    });
  });

  test("just after, it is of the day that begins, which California has only seen the morning before", async () => {
    const played = await birthAt("2026-09-22T00:00:01+08:00");
    expect(new Date("2026-09-22T00:00:01+08:00").getDate()).toBe(21);
    expect(played.case.number).toContain("43099920260922");
    const promised = { B1: 5, B2: 1, B3: 10, B4: 30, B5: 1, B6: 20, B7: 15 };
    expect(dueOf(played)).toEqual(
      Object.fromEntries(Object.entries(promised).map(([code, n]) => [code, workingDay("2026-09-22", n)])),
    );
    // A child born at five in the morning of the city, the evening before in UTC, has the city's day in its number.
    const page = played.results.find((each) => each.item === "B3")!.fields;
    expect(page.citizenNumber!.slice(6, 14)).toBe(page.birthDate!.replaceAll("-", ""));
    expect(page.birthDate).toBe(
      civilDate(played.preview.form.find((field) => field.name === "birthTime")!.known!.value),
    );
  });
});
