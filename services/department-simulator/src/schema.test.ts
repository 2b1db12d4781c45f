import { expect, test } from "vitest";
import { readCity } from "./schema.ts";

const person = "430999199208150027";
const city = (records: object[], more: object = {}) => ({
  people: [{ key: "anna", identityNumber: person }],
  registers: [{ code: "r1", department: "d1", evidence: ["proof"], records }],
  ...more,
});

test("records name people by key or number; numbers and booleans of YAML become text", () => {
  const { registers } = readCity(
    city([
      { evidence: "proof", person: "@anna", fields: { grams: 3200, ok: true, who: "@anna" }, reference: 7 },
    ]),
  );
  expect(registers[0]?.records[0]).toMatchObject({
    person,
    fields: { grams: "3200", ok: "true", who: person },
    reference: "7",
  });
});

const record = { evidence: "proof", person: "@anna", reference: "1" };
test.each([
  ["an unknown person", city([{ ...record, person: "@nobody" }]), "registers.r1.records.0.person"],
  ["an invalid number", city([{ ...record, person: "430999199208150028" }]), "registers.r1.records.0.person"],
  [
    "evidence the register does not keep",
    city([{ ...record, evidence: "other" }]),
    "registers.r1.records.0.evidence",
  ],
  ["two records for one question", city([record, { ...record, reference: "2" }]), "registers.r1.records.1"],
  ["a word the schema has not", city([{ ...record, colour: "red" }]), "registers.0.records.0"],
  ["a script twice", city([], { scripts: Array(2).fill({ item: "X", department: "d" }) }), "scripts.X"],
  [
    "a delay backwards",
    city([], { scripts: [{ item: "X", department: "d", delayMs: [5, 1] }] }),
    "scripts.0.delayMs",
  ],
])("%s is refused and the place named", (_, data, place) => {
  expect(() => readCity(data)).toThrow(place);
});
