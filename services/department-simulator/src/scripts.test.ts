import { WorkDetail } from "@onething/contracts/approval/v1/work";
import { isCitizenNumber } from "@onething/kernel/identity";
import { expect, test } from "vitest";
import { openMemory } from "./memory.ts";
import { createNumbers } from "./numbers.ts";
import { readCity } from "./schema.ts";
import { createScripts } from "./scripts.ts";

const now = () => new Date("2026-01-05T16:30:00.000Z"); // already the 6th in Shanghai
const scriptsOf = (script: object, more: object = {}) => {
  const { scripts } = readCity({ scripts: [{ item: "X", department: "d", ...script }] });
  return createScripts(scripts, {
    seed: "s",
    numbers: createNumbers([], openMemory(undefined, now())),
    now,
    ...more,
  });
};
const detail = (work: string, more: object = {}) =>
  WorkDetail.fromPartial({
    work: { id: work, item: "X", status: "accepted" },
    form: { sex: "female", bornAt: "2026-01-05T15:59:00.000Z", name: "小苗", total: "121.90" },
    answers: { single: "true" },
    evidence: [
      { receipt: { requirement: "hers", pair: { evidence: "house-book" } }, fields: { address: "A" } },
      { receipt: { requirement: "his", pair: { evidence: "house-book" } }, fields: { address: "B" } },
    ],
    subjects: [{ role: "child", personId: "p1", position: 0 }],
    ...more,
  });
const grant = (scripts: ReturnType<typeof scriptsOf>, of: WorkDetail) => {
  const { decision } = scripts.decide(of);
  return decision?.$case === "grant" ? decision.value.result : undefined;
};

test("a result is worked out from form, answers, evidence and subjects", () => {
  const result = {
    first: "evidence.house_book.address",
    his: "evidence.his.address",
    words: "form.name + (answers.single == 'true' ? '!' : '?')",
    who: "subjects.filter(s, s.role == 'child')[0].personId",
    today: "today()",
    born: "civilDate(form.bornAt)",
    until: "addMonths(result.born, 12)",
    count: "size(subjects)",
    yes: "has(form.nothing)",
    share: "money(double(form.total) * 0.855)",
  };
  expect(grant(scriptsOf({ result }), detail("w"))).toEqual({
    first: "A",
    his: "B",
    words: "小苗!",
    who: "p1",
    today: "2026-01-06",
    born: "2026-01-05",
    until: "2027-01-05",
    count: "1",
    yes: "false",
    share: "104.22",
  });
});

test("citizen numbers are valid and unique among works; a decision repeated is word for word the same", () => {
  const scripts = scriptsOf({
    result: {
      number: "citizenNumber('430999', form.bornAt, form.sex)",
      serial: "serial('TEST')",
      other: "serial('TEST')",
    },
  });
  const given = Array.from({ length: 50 }, (_, n) => grant(scripts, detail(`w${n}`)));
  expect(new Set(given.map((result) => result?.number)).size).toBe(50);
  expect(new Set(given.flatMap((result) => [result?.serial, result?.other])).size).toBe(100);
  expect(given.every((result) => isCitizenNumber(result?.number ?? ""))).toBe(true);
  expect(scripts.decide(detail("w7"))).toEqual(scripts.decide(detail("w7")));
  expect(scripts.decide(detail("w7")).idempotencyKey).not.toBe(scripts.decide(detail("w8")).idempotencyKey);
});

test("a refusal has the reasons asked for, else the script's, else plain ones", () => {
  const reasons = [{ zh: "不行", en: "no" }];
  const reasonsOf = (scripts: ReturnType<typeof scriptsOf>) => {
    const { decision } = scripts.decide(detail("w"));
    return decision?.$case === "refuse" ? decision.value.reasons : undefined;
  };
  expect(reasonsOf(scriptsOf({ decision: "refuse", reasons }))).toEqual(reasons);
  const scripts = scriptsOf({ reasons });
  expect(reasonsOf(scripts)).toBeUndefined();
  scripts.refuse("X");
  expect(reasonsOf(scripts)).toEqual(reasons);
  scripts.refuse("X", [{ zh: "别的", en: "other" }]);
  expect(reasonsOf(scripts)).toEqual([{ zh: "别的", en: "other" }]);
  const plain = scriptsOf({ decision: "refuse" });
  expect(reasonsOf(plain)?.[0]?.en).toContain("simulated");
  expect(() => scripts.refuse("Y")).toThrow("no script for item Y");
});

test("delays stay within the script's bounds and follow the seed", () => {
  const delays = Array.from({ length: 100 }, (_, n) =>
    scriptsOf({ delayMs: [100, 500] }).delay("X", `w${n}`),
  );
  expect(delays.every((ms) => ms >= 100 && ms <= 500)).toBe(true);
  expect(new Set(delays).size).toBeGreaterThan(50);
  expect(scriptsOf({ delayMs: [100, 500] }).delay("X", "w1")).toBe(delays[1]);
  expect(scriptsOf({}, { delayMs: [0, 0] }).delay("X", "w1")).toBe(0);
});

test("a rule that cannot be read stops the start; one that finds nothing names its place and no value", () => {
  expect(() => scriptsOf({ result: { a: "form." } })).toThrow("scripts.X.result.a");
  expect(() => grant(scriptsOf({ result: { a: "form.missing" } }), detail("w"))).toThrow(
    "scripts.X.result.a",
  );
  expect(() => grant(scriptsOf({ result: { a: "form" } }), detail("w"))).toThrow("must give text");
});
