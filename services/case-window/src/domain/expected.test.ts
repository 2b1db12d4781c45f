import { nationalCalendar } from "@onething/kernel/calendar";
import { describe, expect, test } from "vitest";
import { item, noon, plan, submitted, waiting } from "./cases.fixture.ts";
import { expectedEnd, expectedNow } from "./expected.ts";
import { inWork } from "./receipts.ts";

const days = (n: number) => ({ promised: { n, unit: "workingDay" } });
const end = (planned: ReturnType<typeof plan>, receipts = [] as ReturnType<typeof waiting>[], from = noon) =>
  expectedEnd(planned, receipts, from, nationalCalendar);

describe("the expected end", () => {
  test("of items side by side is that of the longest", () => {
    // From Tuesday 24 November 2026.
    expect(end(plan([item("A", days(1)), item("B", days(4)), item("C", days(2))]))).toEqual({
      on: "2026-11-30",
      provisional: false,
    });
  });

  test("follows the critical path over hard and soft edges", () => {
    const planned = plan([
      item("A", days(2)),
      item("B", days(3)),
      item("C", { ...days(1), after: ["B"] }),
      item("D", days(5)),
    ]);
    // A until Thursday 26 November, B three working days more, C one more: later than D alone.
    expect(end(planned, [waiting("B", "A")])).toEqual({ on: "2026-12-02", provisional: false });
  });

  test("does not count an edge that does not bind, nor an item nobody works on", () => {
    const planned = plan([item("A", days(9)), item("B", { ...days(1), after: ["A"] })]);
    expect(end(inWork(planned, ["A"]))).toEqual({ on: "2026-11-25", provisional: false });
    const offline = plan([item("A", { ...days(9), handling: "offline" }), item("B", days(1))]);
    expect(end(inWork(offline, []))).toEqual({ on: "2026-11-25", provisional: false });
  });

  test("is provisional when the path touches a year whose calendar is not announced", () => {
    const late = new Date("2026-12-22T04:00:00.000Z");
    expect(end(plan([item("A", days(1))]), [], late)).toEqual({ on: "2026-12-23", provisional: false });
    const chained = plan([item("A", days(1)), item("B", { ...days(8), after: ["A"] })]);
    expect(end(chained, [], late)).toMatchObject({
      on: expect.stringMatching(/^2027-01-/),
      provisional: true,
    });
  });

  test("knows hours, and is a date of the city on a machine of any zone", () => {
    // 23:30 in the city is still the day before in UTC terms of the evening.
    const evening = new Date("2026-11-24T15:30:00.000Z");
    const hours = plan([item("A", { promised: { n: 2, unit: "hour" } })]);
    expect(end(hours, [], evening).on).toBe("2026-11-25");
    expect(end(hours).on).toBe("2026-11-24");
  });

  test("is empty where nothing is promised, and an unpromised item delays nobody", () => {
    expect(end(plan([item("A", { promised: undefined as never })]))).toEqual({ on: "", provisional: false });
    const planned = plan([
      item("A", { promised: undefined as never }),
      item("B", { ...days(1), after: ["A"] }),
    ]);
    expect(end(planned).on).toBe("2026-11-25");
  });
});

describe("the expected end of a case under way", () => {
  const chained = plan([item("A", days(2)), item("B", { ...days(3), after: ["A"] })]);
  const now = (play: ReturnType<typeof submitted>, at = noon) =>
    expectedNow(play.state!, nationalCalendar, at);
  const accepted = (dueOn: string, dueProvisional = false) =>
    ({ type: "accepted", item: "A", dueOn, dueProvisional, how: "checked" }) as const;

  test("follows the date its department counts, and what waits behind it", () => {
    const play = submitted(chained);
    expect(now(play)).toEqual({ on: "2026-12-01", provisional: false });
    play.do(accepted("2026-12-07"));
    // A until Monday 7 December, B three working days more.
    expect(now(play)).toEqual({ on: "2026-12-10", provisional: false });
    play.do(accepted("2027-01-04", true));
    expect(now(play)).toMatchObject({ on: "2027-01-07", provisional: true });
  });

  test("is not in the past: what is late ends today at the earliest", () => {
    const play = submitted(chained);
    play.do(accepted("2026-11-26"));
    expect(now(play, new Date("2026-12-01T04:00:00.000Z"))).toEqual({ on: "2026-12-04", provisional: false });
    const alone = submitted(plan([item("A", days(2))]));
    alone.do(accepted("2026-11-26"));
    expect(now(alone, new Date("2026-12-01T04:00:00.000Z"))).toEqual({
      on: "2026-12-01",
      provisional: false,
    });
  });

  test("knows what has ended, and stays what was told once the case is closed", () => {
    const play = submitted(chained);
    play.grant("A");
    expect(now(play)).toEqual({ on: "2026-11-27", provisional: false });
    const told = { on: play.state!.expectedOn ?? "", provisional: false };
    play.grant("B");
    expect(play.state!.status).toBe("closed");
    expect(now(play, new Date("2027-06-01T04:00:00.000Z"))).toEqual(told);
  });
});
