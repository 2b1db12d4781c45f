// Another city's folder, with every code and name changed: the same programs play the same life events there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { documentOf } from "@onething/all-in-one/demo/document";
import { type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { type City, clockFrom, startCity, startInOne } from "../harness.ts";
import { isLicenceIdentifier } from "./checks.ts";
import { type Renaming, renamed, renamingOf, writeRenamedCity } from "./rename-city.ts";
import { readLists } from "./yaml.ts";

const now = clockFrom("2026-11-24T10:00:00+08:00");
const folder = mkdtempSync(join(tmpdir(), "onething-another-"));
let here: City;
let there: City;
let to: Renaming;

beforeAll(async () => {
  to = writeRenamedCity(folder);
  [here, there] = await Promise.all([
    // Always in one process: where the other is processes of its own, the two ways of running are compared as well.
    startInOne({ play: { now } }),
    startCity({ play: { now }, catalogue: folder }),
  ]);
});
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const same = (code: string) => code;
const names: Renaming = { code: same, text: same, standard: same, codes: new Set() };

/** What happened in a case but for instants and serials, its words changed by a renaming. */
function shapeOf(played: Played, { code, text, standard }: Renaming) {
  const { case: file, items, leftOut, receipts, totals } = documentOf(played);
  const sorted = (entries: object[]) => entries.map((entry) => JSON.stringify(entry)).sort();
  return {
    bundle: code(file.bundle),
    outcome: file.outcome,
    theme: [standard(file.number!.slice(0, 9)), file.number!.slice(9, 23)],
    items: items.map((item) => ({
      code: code(item.code),
      name: text(item.name),
      department: { code: code(item.department.code), name: text(item.department.name) },
      waitedFor: item.waitedFor.map(code).sort(),
      due: [item.dueOn, item.dueProvisional],
      outcome: item.outcome,
      // The last two are the general law's, the same in every city.
      said: [item.reasons.length, item.remedies.slice(0, -2).map(text)],
    })),
    leftOut: leftOut.map((each) => ({ code: code(each.code), why: text(each.why) })),
    form: played.preview.form.map(({ name, label, known }) => [
      code(name),
      text(label.zh),
      known ? text(known.source.zh) : "",
    ]),
    uses: sorted(
      played.preview.uses.map((use) => ({
        role: code(use.role),
        ground: use.ground,
        by: use.by,
        of: text(use.evidenceName.zh),
      })),
    ),
    receipts: sorted(
      receipts.map(({ item, requirement, rule, state, candidates }) => ({
        item: code(item),
        requirement: code(requirement),
        rule,
        state,
        matched: candidates.map((each) => each.matched),
      })),
    ),
    results: sorted(
      played.results.map(({ item, kind, type, holder, issuer, fields }) => ({
        item: code(item),
        kind,
        type: kind === "licence" ? standard(type) : code(type),
        holder: [code(holder.role), text(holder.name)],
        issuer: code(issuer.code),
        fields: Object.keys(fields).map(code).sort(),
      })),
    ),
    // How often services asked each other is comparable within one way of running.
    totals: {
      ...totals,
      ...(inject("scaled") ? { grpcCalls: 0 } : {}),
      ...{ events: 0, commits: 0, elapsedMs: 0 },
    },
  };
}

test("nothing of the sample city's words is left in the other's files", () => {
  const lists = readLists();
  const words = JSON.stringify(renamed(lists, renamingOf(lists)));
  expect(to.codes.size).toBeGreaterThan(250);
  // Some codes are also words of the language: a role, a type of field, a kind of evidence.
  const language =
    /^(applicant|operator|statement|licence|register|registration|text|number|citizenNumber|date)$/;
  const left = [...to.codes].filter((code) => !language.test(code) && words.includes(`:"${code}"`));
  expect(left).toEqual([]);
  const names = ["出生", "林知夏", "示例市", "户口", "Birth", "Sample City"];
  expect(names.filter((name) => words.includes(name))).toEqual([]);
});

describe("a birth", () => {
  let played: Played;
  beforeAll(async () => {
    played = await play(there, scriptOf(there, to.code("birth")));
  });

  test("goes in every point as it goes in the sample city", async () => {
    const model = await play(here, scriptOf(here, "birth"));
    expect(model.case.outcome).toBe("all_granted");
    expect(shapeOf(played, names)).toEqual(shapeOf(model, to));
  });

  test("issues licences of the other city's types and authorities, and binds the child's number", () => {
    const { licences } = documentOf(played);
    expect(licences).toHaveLength(4);
    for (const { identifier } of licences) expect(isLicenceIdentifier(identifier), identifier).toBe(true);
    const number = played.results.find((each) => each.item === to.code("B3"))!.fields[
      to.code("citizenNumber")
    ];
    expect(number).toMatch(/^430999\d{11}[\dX]$/);
  });

  test("of which one item is refused ends as in the sample city", async () => {
    const refusing = async (city: City, { code }: Renaming) => {
      city.simulator.refuse(code("B3"));
      return play(city, { ...scriptOf(city, code("birth")), by: code("mother2") });
    };
    const [model, other] = await Promise.all([refusing(here, names), refusing(there, to)]);
    expect(model.case.outcome).toBe("partly_granted");
    expect(shapeOf(other, names)).toEqual(shapeOf(model, to));
  });
});

test("what follows a death goes in every point as in the sample city", async () => {
  const dead = (city: City, { code }: Renaming) =>
    play(city, { ...scriptOf(city, code("after-death")), window: code("clerk1") });
  const [model, other] = await Promise.all([dead(here, names), dead(there, to)]);
  expect(model.case.outcome).toBe("all_granted");
  expect(shapeOf(other, names)).toEqual(shapeOf(model, to));
});

test("a restaurant opens by the same steps of officers, asked and answered in the other city's words", async () => {
  const opened = (city: City, { code }: Renaming) => play(city, scriptOf(city, code("restaurant")));
  const [model, other] = await Promise.all([opened(here, names), opened(there, to)]);
  expect(model.case.outcome).toBe("all_granted");
  expect(shapeOf(other, names)).toEqual(shapeOf(model, to));
  const papersOf = ({ papers }: Played) => papers.map(({ kind, item }) => `${item} ${kind}`).sort();
  expect(papersOf(other)).toEqual(
    model.papers.map(({ kind, item }) => `${to.code(item)} ${kind}`).toSorted(),
  );
});
