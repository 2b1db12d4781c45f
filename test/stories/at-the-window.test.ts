// After a death that was not natural the proof is on paper: the clerk sees the original, and everything else is as ever.
import type { ReceiptBody } from "@onething/all-in-one/demo/bodies";
import { type DemoScript, file, finish, type Played, scriptOf } from "@onething/all-in-one/demo/play";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";

let city: City;
let played: Omit<Played, "meters" | "papers">;

const nonNatural = (): DemoScript => {
  const script = scriptOf(city, "after-death");
  return {
    ...script,
    window: "clerk2",
    answers: { ...script.answers, manner: "nonNatural" },
    // What the hospital's record would have said, and the household page before it was cancelled.
    form: { ...script.form, diedOn: "2026-09-16", deceasedAddress: "示例市清江区柳林街道和平巷5号" },
  };
};

beforeAll(async () => {
  city = await startCity();
  played = await finish(await file(city, { ...nonNatural(), originalsSeen: ["deathCertificate"] }));
});
afterAll(() => city?.close());

const receiptsOf = (requirement: string): ReceiptBody[] =>
  played.receipts.filter((each) => each.requirement === requirement);

test("without the original the case is not taken in, and the clerk is told once what is missing", async () => {
  const script = {
    ...scriptOf(city, "after-death"),
    by: "heir3",
    people: [{ role: "deceased", person: "deceased2" }],
  };
  const refused = file(city, {
    ...script,
    window: "clerk2",
    answers: {
      ...script.answers,
      manner: "nonNatural",
      pension: "resident",
      drove: "false",
      housingFund: "false",
    },
    form: { ...script.form, diedOn: "2026-09-16" },
  });
  // Four items ask for it.
  await expect(refused).rejects.toMatchObject({
    status: 400,
    problem: {
      reason: "case.evidence_missing",
      zh: expect.stringContaining("还缺 1 样证明"),
      fields: [{ field: "requirements.deathCertificate", zh: expect.stringContaining("原件") }],
    },
  });
});

test("the original that the clerk has seen proves the death for every item that asks for it", () => {
  expect(receiptsOf("deathCertificate").map(({ item, rule, state }) => [item, rule, state])).toEqual(
    ["D3", "D4", "D5", "D8"].map((item) => [item, "original", "proved"]),
  );
  expect(played.case).toMatchObject({ channel: "window", outcome: "all_granted" });
});

test("the police's own item is not done here, the hospital's not at all, and nobody waits for either", () => {
  const item = (code: string) => played.case.items.find((each) => each.code === code);
  expect(item("D1")).toBeUndefined();
  expect(played.case.leftOut.map((each) => each.code)).toEqual(["D1"]);
  expect(item("D2")).toMatchObject({ outcome: "not_needed", startedAt: null });
  expect(item("D2")!.reasons[0]!.zh).toContain("线下");
  for (const code of ["D3", "D4", "D5", "D8"]) expect(item(code)!.waitedFor).toEqual([]);
  expect(item("D9")!.waitedFor).toEqual(["D12", "D8"]);
});

test("a citizen cannot say of herself that an original was seen", async () => {
  const { window: _, ...alone } = nonNatural();
  await expect(file(city, { ...alone, originalsSeen: ["deathCertificate"] })).rejects.toMatchObject({
    status: 403,
    problem: { reason: "case.originals_at_window" },
  });
});
