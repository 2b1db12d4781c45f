import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer, Facts, Inquiry } from "./facts.ts";
import {
  alternative,
  answers,
  facts,
  found,
  inquiry,
  licence,
  person,
  requirement,
} from "./ladder.fixture.ts";
import { findAll } from "./ladder.ts";
import { registerAsks } from "./look-ups.ts";

const ids = ["a", "b", "c"];
const roles = ["mother", "father", "uncle"];

const alternatives = fc.record({
  role: fc.constantFrom(...roles),
  evidence: fc.constantFrom("booklet", "record"),
  rungs: fc.subarray(["licence", "sibling", "register", "statement", "original"]),
  matches: fc.constantFrom<{ field: string; role: string }[]>([], [{ field: "page", role: "father" }]),
});
const requirements = fc
  .uniqueArray(fc.array(alternatives, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .chain((all) =>
    fc.tuple(
      ...all.map((each) => fc.tuple(fc.constant(each), fc.subarray(["I1", "I2", ""], { minLength: 1 }))),
    ),
  )
  .map((all) =>
    all.map(([each, items], at) => ({
      ...requirement(
        ...each.map(({ role, evidence, ...rest }) =>
          alternative({ ...rest, pair: { evidence, role, to: "" } }),
        ),
      ),
      id: `r${at}`,
      items,
    })),
  );
const subjects = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...roles)), {
    maxLength: 4,
    selector: ([id]) => id,
  })
  .map((all) => all.map(([id, role], at) => person(role, id, at)));
const licences = fc.array(
  fc.record({
    identifier: fc.constantFrom("L1", "L2", "L3"),
    holderId: fc.constantFrom(...ids),
    evidence: fc.constantFrom("booklet", "record"),
    status: fc.constantFrom("valid", "valid", "cancelled"),
    version: fc.constantFrom(1, 2),
    validUntil: fc.constantFrom("", "2026-11-23", "2027-01-01"),
    fields: fc.constantFrom({ page: "a" }, { page: "b" }),
  }),
  { maxLength: 6 },
);
const answer: fc.Arbitrary<Answer> = fc.constantFrom<Answer>(
  found(),
  { kind: "absent" },
  { kind: "unavailable", why: "silent" },
  { kind: "refused", why: "garbage" },
);
const world = fc.record({
  requirements,
  subjects,
  // One identifier belongs to one holder and type, and a version of it exists once.
  licences: licences.map((all) => {
    const seen = new Map(all.map((each) => [`${each.identifier}${each.version}`, each]));
    const owner = new Map(all.map((each) => [each.identifier, each]));
    return [...seen.values()].map((each) => {
      const { holderId, evidence } = owner.get(each.identifier)!;
      return licence({ ...each, holderId, evidence });
    });
  }),
  answers: fc.array(fc.tuple(fc.constantFrom(...ids), answer)),
  statementsMade: fc.subarray(["declared"]),
  originalsSeen: fc.subarray(["r0", "r1", "r2"]),
  refused: fc.subarray(["r0", "r1", "r2"]),
  siblings: fc.subarray([{ item: "I2", pair: { evidence: "booklet", role: "mother", to: "" } }]),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

const split = (it: World): [Inquiry, Facts] => {
  const { licences: held, answers: given, ...ask } = it;
  return [inquiry(ask), facts({ licences: held, answers: answers(...given) })];
};

test("each (item, requirement, person) has exactly one receipt, and each proof its words", () => {
  fc.assert(
    fc.property(world, (it) => {
      const [ask, known] = split(it);
      const findings = findAll(ask, known);
      const keys = findings.map(
        ({ receipt }) => `${receipt.item}|${receipt.requirement}|${receipt.personId}`,
      );
      expect(new Set(keys).size).toBe(keys.length);
      for (const { id, items, alternatives: ways } of ask.requirements) {
        const people = ask.subjects.filter((one) => ways.some((way) => way.pair?.role === one.role));
        for (const item of items) {
          const own = findings.filter(({ receipt }) => receipt.item === item && receipt.requirement === id);
          // All people of one role, or no receipt where no role has people.
          const role = own[0]?.receipt.pair?.role;
          expect(own.length).toBe(people.filter((one) => one.role === role).length);
          expect(own.length > 0).toBe(people.length > 0);
        }
      }
      for (const { receipt, fields } of findings) {
        expect(receipt.why?.zh && receipt.why.en).toBeTruthy();
        expect(receipt.proof !== undefined).toBe(receipt.state === "proved");
        expect(receipt.fix !== undefined).toBe(["missing", "unavailable"].includes(receipt.state));
        if (fields) expect(receipt.state).toBe("proved");
      }
    }),
    { numRuns: 300 },
  );
});

test("the order in which licences, people and statements were found means nothing", () => {
  fc.assert(
    fc.property(
      world.chain((it) =>
        fc.tuple(
          fc.constant(it),
          fc.shuffledSubarray(it.licences, { minLength: it.licences.length }),
          fc.shuffledSubarray(it.subjects, { minLength: it.subjects.length }),
        ),
      ),
      ([it, shuffledLicences, shuffledSubjects]) => {
        const [ask, known] = split(it);
        const shuffled = findAll(
          { ...ask, subjects: shuffledSubjects, originalsSeen: [...ask.originalsSeen].reverse() },
          { ...known, licences: shuffledLicences },
        );
        expect(shuffled).toEqual(findAll(ask, known));
      },
    ),
    { numRuns: 300 },
  );
});

test("a proof by licence rests on the only valid one of its holder and kind", () => {
  fc.assert(
    fc.property(world, (it) => {
      const [ask, known] = split(it);
      for (const { receipt } of findAll(ask, known)) {
        if (receipt.rule !== "licence") continue;
        // An earlier alternative may have found an item that would produce it; what is held goes before that.
        const licences = new Set(known.licences.map((each) => each.identifier));
        const chosen = receipt.candidates.filter((each) => each.matched && licences.has(each.source));
        expect(chosen.map((each) => each.source)).toEqual([receipt.proof?.reference]);
        const held = known.licences.find((each) => each.identifier === chosen[0]?.source);
        expect([held?.holderId, held?.evidence]).toEqual([receipt.personId, receipt.pair?.evidence]);
      }
    }),
    { numRuns: 300 },
  );
});

test("registers are asked only where nothing held or promised answers, and never against a refusal", () => {
  fc.assert(
    fc.property(world, (it) => {
      const [ask, known] = split(it);
      const silent = { ...ask, statementsMade: [], originalsSeen: [] };
      const without = { ...known, answers: new Map() };
      const open = findAll(silent, without).filter(({ receipt }) => receipt.state !== "proved");
      const asks = registerAsks(ask, known);
      expect(new Set(asks.map((each) => JSON.stringify(each))).size).toBe(asks.length);
      if (open.length === 0) expect(asks).toEqual([]);
      expect(registerAsks({ ...ask, refused: ask.requirements.map((each) => each.id) }, known)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});
