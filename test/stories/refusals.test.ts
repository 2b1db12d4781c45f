// A department says no: what depends on it cannot go on and says so, everything else carries on.
import { documentOf } from "@onething/all-in-one/demo/document";
import { type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";

/** The demo of a birth, where one department refuses. */
async function refusing(item: string): Promise<{ city: City; played: Played }> {
  const city = await startCity({ play: { refuse: [item] } });
  return { city, played: await play(city, scriptOf(city, "birth")) };
}

const outcomes = (played: Played) =>
  Object.fromEntries(documentOf(played).items.map(({ code, outcome }) => [code, outcome]));
const itemOf = (played: Played, code: string) => played.case.items.find((each) => each.code === code)!;

describe("the maternity payment is refused", () => {
  let city: City;
  let played: Played;
  beforeAll(async () => {
    ({ city, played } = await refusing("B6"));
  });
  afterAll(() => city?.close());

  test("the others carry on, and the case is partly granted", () => {
    expect(played.case.outcome).toBe("partly_granted");
    expect(outcomes(played)).toEqual({
      B1: "granted",
      B2: "granted",
      B3: "granted",
      B4: "granted",
      B5: "granted",
      B6: "refused",
      B7: "granted",
    });
  });

  test("the reasons of the officer and the remedies of the law are given, in both languages", () => {
    const { reasons, remedies } = itemOf(played, "B6");
    expect(reasons).toEqual([
      { zh: "费用清单与发票合计金额不一致", en: "The totals of the cost list and the invoices differ" },
      { zh: "其中一张发票已在其他统筹区报销", en: "One of the invoices was reimbursed in another division" },
    ]);
    expect(remedies.map((each) => each.zh)).toEqual([
      "对核定金额有异议的，可向经办机构申请复核。",
      expect.stringMatching(/六十日内依法申请行政复议/),
      expect.stringMatching(/六个月内依法向人民法院提起行政诉讼/),
    ]);
    for (const each of remedies) expect(each.en).not.toBe("");
    const told = played.case.timeline.find((entry) => entry.item === "B6" && entry.zh.includes("没有通过"));
    expect(told?.zh).toContain("费用清单与发票合计金额不一致");
  });

  test("nothing is issued for what was refused", () => {
    expect(played.results.map((each) => each.item).sort()).toEqual(["B1", "B2", "B3", "B4", "B5", "B7"]);
  });
});

describe("the birth registration is refused", () => {
  let city: City;
  let played: Played;
  beforeAll(async () => {
    ({ city, played } = await refusing("B3"));
  });
  afterAll(() => city?.close());

  test("what needs the child's number is not possible; the rest is granted", () => {
    expect(played.case.outcome).toBe("partly_granted");
    expect(outcomes(played)).toEqual({
      B1: "granted",
      B2: "granted",
      B3: "refused",
      B4: "not_possible",
      B5: "not_possible",
      B6: "granted",
      B7: "granted",
    });
  });

  test("what is not possible names what it needed, never reached an office, and says how to go on", async () => {
    for (const code of ["B4", "B5"]) {
      const { startedAt, dueOn, finishedAt, reasons } = itemOf(played, code);
      expect([startedAt, dueOn]).toEqual([null, null]);
      expect(Date.parse(finishedAt!)).toBe(Date.parse(itemOf(played, "B3").finishedAt!));
      expect(reasons).toHaveLength(1);
      expect(reasons[0]!.zh).toContain("“出生登记”没有办成");
      expect(reasons[0]!.zh).toContain("可以单独再申请");
      expect(reasons[0]!.en).toContain('"Birth registration" was not granted');
    }
    for (const officer of ["officer-human-resources", "officer-medical-insurance"]) {
      const desk = await city.as(officer);
      const { work } = await desk.get<{ work: { item: string }[] }>(
        "/api/v1/work?status=received&status=accepted&status=granted&status=delivered&status=refused&status=cancelled",
      );
      expect(work.map((each) => each.item)).not.toEqual(expect.arrayContaining(["B4"]));
      expect(work.map((each) => each.item)).not.toEqual(expect.arrayContaining(["B5"]));
    }
  });

  test("no child was registered, so no number exists", () => {
    expect(played.results.map((each) => each.item).sort()).toEqual(["B1", "B2", "B6", "B7"]);
    expect(played.results.some((each) => "citizenNumber" in each.fields)).toBe(false);
  });

  test("the reason is printed where it was refused", () => {
    const { reasons, remedies } = itemOf(played, "B3");
    expect(reasons.map((each) => each.zh)).toEqual(["申报的新生儿姓名含有户口登记不能使用的字"]);
    expect(remedies).toHaveLength(3);
  });
});

test("when the first item is refused, all that hangs on it ends, and the case closes", async () => {
  const { city, played } = await refusing("B1");
  try {
    expect(outcomes(played)).toEqual({
      B1: "refused",
      B2: "granted",
      B3: "not_possible",
      B4: "not_possible",
      B5: "not_possible",
      // They only come after it, however it ends.
      B6: "granted",
      B7: "granted",
    });
  } finally {
    await city.close();
  }
});
