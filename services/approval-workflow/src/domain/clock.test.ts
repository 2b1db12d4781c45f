import { nationalCalendar } from "@onething/kernel/calendar";
import { afterEach, describe, expect, test } from "vitest";
import { datesOf } from "./clock.ts";
import { item } from "./play.fixture.ts";

const limit = (n: number, unit = "workingDay", from = "accepted") => ({ n, unit, from });
/** The dates of an item that was accepted with its receipt at this instant. */
const dates = (
  promised: ReturnType<typeof limit> | undefined,
  legal: typeof promised,
  at: string,
  starts: { promisedFrom?: string; legalFrom?: string } = {},
) =>
  datesOf(
    nationalCalendar,
    {
      ...{ item: { ...item, promised, legal }, receivedAt: at, acceptedAt: at, status: "accepted" },
      ...{
        silentResult: "",
        promisedFrom: "",
        legalFrom: "",
        ...starts,
        turns: [{ from: at, owner: "department" }],
      },
    },
    new Date(at),
  );

test("the promised and the legal end are counted in working days, holidays and make-up days included", () => {
  expect(dates(limit(5), limit(20), "2026-09-18T02:00:00.000Z")).toMatchObject({
    dueOn: "2026-09-24",
    dueProvisional: false,
    legalDueOn: "2026-10-22",
    ...{ stopped: false, acceptBy: "" },
  });
  expect(dates(limit(20), limit(30), "2026-09-21T02:00:00.000Z")).toMatchObject({
    dueOn: "2026-10-26",
    legalDueOn: "2026-11-09",
  });
});

test("a date that touches a year not yet announced is provisional, in 2026 as in 2027", () => {
  expect(dates(limit(5), undefined, "2026-11-24T02:00:00.000Z")).toMatchObject({
    dueOn: "2026-12-01",
    dueProvisional: false,
  });
  expect(dates(limit(30), undefined, "2026-11-24T02:00:00.000Z").dueProvisional).toBe(true);
  expect(dates(limit(1), undefined, "2027-03-01T02:00:00.000Z").dueProvisional).toBe(true);
});

test("the legal end is never before the promised one", () => {
  const { dueOn, legalDueOn } = dates(limit(10), limit(3), "2026-09-18T02:00:00.000Z");
  expect(legalDueOn).toBe(dueOn);
});

test("an item without any limit has the general law's twenty working days", () => {
  expect(dates(undefined, undefined, "2026-09-21T02:00:00.000Z")).toMatchObject({
    dueOn: "2026-10-26",
    dueProvisional: false,
    legalDueOn: "2026-10-26",
  });
});

test("hours, days and months run by the clock and the calendar", () => {
  const at = "2026-09-18T02:00:00.000Z";
  expect(dates(limit(15, "hour"), undefined, at).dueOn).toBe("2026-09-19");
  expect(dates(limit(3, "day"), undefined, at).dueOn).toBe("2026-09-21");
  expect(dates(limit(1, "month"), undefined, at).dueOn).toBe("2026-10-18");
});

test("a limit may count from another moment than acceptance; where that is not known, from acceptance", () => {
  const from = (starts: object, unit = "day") =>
    dates(limit(5, unit, "submitted"), undefined, "2026-09-18T02:00:00.000Z", starts).dueOn;
  const submitted = { promisedFrom: "2026-09-17T02:00:00.000Z" };
  expect(from(submitted)).toBe("2026-09-22");
  expect(from({})).toBe("2026-09-23");
  // The days before it came here count as well: Friday the 18th, the worked Sunday, and three more.
  expect(from(submitted, "workingDay")).toBe("2026-09-23");
});

describe("on a machine in another zone", () => {
  const zone = process.env.TZ;
  afterEach(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  test.each(["America/Los_Angeles", "Pacific/Kiritimati", "UTC"])(
    "%s: legal dates are those of the city",
    (name) => {
      process.env.TZ = name;
      // 00:30 on the 18th in the city, still the 17th in UTC.
      expect(dates(limit(5), undefined, "2026-09-17T16:30:00.000Z").dueOn).toBe("2026-09-24");
      expect(dates(limit(5), undefined, "2026-09-17T15:30:00.000Z").dueOn).toBe("2026-09-23");
    },
  );
});
