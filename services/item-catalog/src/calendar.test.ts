import { describe, expect, test } from "vitest";
import { decide, evolve } from "./domain/calendar-law.ts";
import { refused, small, smallCity } from "./small-city.fixture.ts";

const year = "announcedYears: [{ year: 2027, off: ['2027-01-01', '2027-10-01'], worked: ['2027-01-03'] }]";
const local = "localHolidays: [{ name: { zh: 州庆, en: Day }, divisions: ['4331'], off: ['2026-09-20'] }]";

test("a city says which years were announced since, and which days its areas have of their own", () => {
  const { announcedYears, localHolidays } = small(`${smallCity}\n${year}\n${local}\n`).catalogue;
  expect(announcedYears).toEqual([{ year: 2027, off: ["2027-01-01", "2027-10-01"], worked: ["2027-01-03"] }]);
  expect(localHolidays).toMatchObject([{ divisions: ["4331"], off: ["2026-09-20"], worked: [] }]);
  expect(small(smallCity).catalogue).toMatchObject({ announcedYears: [], localHolidays: [] });
});

describe("what is no calendar is refused, naming the place", () => {
  test.each([
    ["a day that does not exist", "announcedYears: [{ year: 2027, off: ['2027-02-30'] }]", "2026-11-24"],
    ["a year without days off", "announcedYears: [{ year: 2027, off: [] }]", "announcedYears"],
    [
      "an area that is none",
      "localHolidays: [{ name: { zh: 庆, en: D }, divisions: ['湘西'], off: ['2026-09-20'] }]",
      "digits",
    ],
  ])("%s", (_, lines, words) => {
    const { fields } = refused(`${smallCity}\n${lines}\n`);
    expect(fields[0]!.field).toMatch(/^small.yaml:\d+:\d+$/);
    expect(`${fields[0]!.text.en}`).toContain(words);
  });
});

test("the same calendar again is no new version", () => {
  const publish = { type: "publish", digest: "d1", content: "{}" } as const;
  const [event] = decide(null, publish).events;
  const state = evolve(null, { ...event!, at: "", actor: "" });
  expect(state).toEqual({ version: 1, digest: "d1" });
  expect(decide(state, publish).events).toEqual([]);
  expect(decide(state, { ...publish, digest: "d2" }).events[0]!.data.version).toBe(2);
});
