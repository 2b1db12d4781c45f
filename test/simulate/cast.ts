// Who acts in the simulation: officers who try anything on anything, applicants who answer, withdraw or say nothing, registers that
// answer late. What the law refuses changes nothing; any other error is a violation.
import { type Act, type Approval, actionsFor, approvalKind, isInHand } from "@onething/approval-workflow/law";
import { type CaseState, caseKind } from "@onething/case-window/law";
import type { GapAnswer } from "@onething/contracts/approval/v1/events";
import { OnethingError } from "@onething/kernel/errors";
import { between, oneOf, type Random } from "../chaos/random.ts";
import { patiently } from "./journal.ts";
import { seal, type World } from "./world.ts";

type Official = Act["by"];
const words = (text: string) => ({ zh: `${text}（模拟）`, en: text });

function officials(department: string, party: string): Official[] {
  const officer = (name: string, more: Partial<Official> = {}): Official => ({
    ...{ actor: `officer:${name}-${department}`, department, system: false, duties: [], delegations: [] },
    ...more,
  });
  return [
    officer("li"),
    officer("wang"),
    officer("reviewer", { duties: ["legality"] }),
    // Whoever has referred it does not review it: a department has two of them.
    officer("second-reviewer", { duties: ["legality"] }),
    officer("head", { duties: ["head"] }),
    officer("chief", {
      duties: ["chief"],
      delegations: [{ id: "d1", items: [], powers: ["accept", "decide"] }],
    }),
    officer("idle-chief", { duties: ["chief"] }),
    { ...officer("system", { system: true }), actor: `department:${department}` },
    officer("party", { personId: party }),
    { ...officer("stranger"), department: "elsewhere" },
  ];
}

const fileOf = (id: string) => ({
  ...{ id, name: "survey.pdf", mediaType: "application/pdf", bytes: 1, sha256: "0".repeat(64) },
  ...{ purpose: "the survey", forApplicant: false },
});

const kinds: Act["type"][] = [
  ...([
    "claim",
    "release",
    "accept",
    "accept",
    "correct",
    "supplement",
    "supplement",
    "decline",
    "pause",
    "resume",
  ] as const),
  ...([
    "resume",
    "extend",
    "refer",
    "refer",
    "give_legality",
    "give_legality",
    "grant",
    "grant",
    "grant",
  ] as const),
  ...(["refuse", "second_look", "deliver", "deliver", "revoke", "attach"] as const),
];

function actOf(random: Random, type: Act["type"], by: Official, { item }: Approval): Act {
  const reasons = [words("for a reason")];
  switch (type) {
    case "claim":
    case "release":
    case "accept":
    case "refer":
      return { type, by };
    case "correct":
      return { type, by, fields: ["name"], sealedForm: seal({ name: "丙", address: "乙" }) };
    case "supplement": {
      const about = oneOf(random, [
        { field: "name", requirement: "" },
        { field: "address", requirement: "" },
        { field: "", requirement: item.requirements[0] ?? "" },
        { field: "", requirement: "" },
      ]);
      return { type, by, gaps: [{ id: "", ...about, what: words("missing"), remedy: words("say it") }] };
    }
    case "decline": {
      const ground = oneOf(random, ["not_needed", "not_this_authority"] as const);
      return { type, by, ground, reasons, rightBody: words("another body") };
    }
    case "pause":
      return { type, by, procedure: "hearing", reason: words("asked"), days: between(random, 1, 20) };
    case "resume":
      return { type, by, result: words("heard") };
    case "extend":
      return { type, by, days: between(random, 1, 15), reason: words("hard"), approvedBy: words("the head") };
    case "give_legality":
      return { type, by, lawful: random() < 0.8, opinion: words("read") };
    case "grant":
      return { type, by, sealedResult: seal({}), opinion: "" };
    case "refuse":
      return { type, by, reasons };
    case "second_look":
      return { type, by, upheld: true, opinion: words("fine") };
    case "deliver":
      return { type, by, how: oneOf(random, ["window", "post"]) };
    case "revoke":
      return { type, by, ground: "fraud", reasons };
    case "attach":
      return { type, by, file: fileOf(String(between(random, 1, 30))) };
  }
}

export const approvalsOf = ({ approvals }: World): Approval[] =>
  [...approvals.roots.values()].map(({ state }) => state as Approval);
export const casesOf = ({ cases }: World): CaseState[] =>
  [...cases.roots.values()].map(({ state }) => state as CaseState);

let serial = 0;

/** True: it was done; false: the law refused it. */
async function attempt(run: (key: string) => Promise<unknown>): Promise<boolean> {
  const key = `act ${serial++}`;
  try {
    await patiently(() => run(key));
    return true;
  } catch (error) {
    if (error instanceof OnethingError && error.code !== "unavailable") return false;
    throw error;
  }
}

const perform = ({ approvals }: World, { id }: Approval, act: Act): Promise<boolean> =>
  attempt((key) => approvals.submit(approvalKind, id, act, { actor: act.by.actor, key }));

const officialsOf = ({ department, subjects }: Approval): Official[] =>
  officials(department, subjects[0]?.personId ?? "");

/** Somebody does something to some approval. */
export async function officerActs(world: World, random: Random): Promise<boolean> {
  const all = approvalsOf(world);
  if (all.length === 0) return false;
  const open = all.filter(({ status }) => isInHand(status));
  const work = oneOf(random, open.length > 0 && random() < 0.8 ? open : all);
  const by = oneOf(random, officialsOf(work));
  // Mostly what the screen offers, sometimes anything.
  const offered = kinds.filter((kind) => actionsFor(work, by, world.clock.now).includes(kind));
  const type = oneOf(random, offered.length > 0 && random() < 0.8 ? offered : kinds);
  return perform(world, work, actOf(random, type, by, work));
}

/** An applicant answers a notice, goes on, or withdraws; a register that was silent answers. */
export async function applicantActs(world: World, random: Random, patience: number): Promise<void> {
  const all = casesOf(world).filter(({ status }) => status === "running");
  if (all.length === 0) return;
  const one = oneOf(random, all);
  const actor = `citizen:${one.applicantId}`;
  const submit = (command: Parameters<typeof world.cases.submit>[2]) =>
    attempt((key) => world.cases.submit(caseKind, one.id, command as never, { actor, key }));
  const late = one.receipts.filter(({ state }) => state === "unavailable");
  if (late.length > 0 && random() < 0.5) {
    const state = random() < 0.8 ? "proved" : "missing";
    return void (await submit({
      type: "evidence",
      receipts: late.map((each) => ({ ...each, state })),
    } as never));
  }
  const asked = Object.values(one.items).find(({ status }) => status === "supplementing");
  if (asked) return void (await submit(answerTo(random, one, asked.code) as never));
  if (random() < patience) await submit({ type: "continue", by: actor } as never);
  else if (random() < 0.1) await submit({ type: "withdraw", by: actor } as never);
}

function answerTo(random: Random, state: CaseState, item: string) {
  const gaps = state.items[item]!.notices!.at(-1)!.gaps;
  const answers = gaps.map(({ id, field }): GapAnswer => {
    const way = field && random() < 0.7 ? "value" : "words";
    return { gap: id, way, sealedWords: way === "words" ? seal({ words: "说明" }) : "" };
  });
  const was = state.sealedForms[item] ?? "";
  const forms = { [item]: { was, now: seal({ name: `${random()}`, address: "乙" }) } };
  return { type: "supplement", item, by: `citizen:${state.applicantId}`, answers, receipts: [], forms };
}

/** In the end everybody does what is theirs: every piece of work gets on by one step. */
export async function everybodyEnds(world: World, random: Random): Promise<void> {
  const steps: Act["type"][] = ["resume", "give_legality", "refer", "accept", "release", "grant", "refuse"];
  for (const { id } of approvalsOf(world).filter(({ status }) => isInHand(status)))
    for (const type of steps) {
      const now = approvalsOf(world).find((each) => each.id === id)!;
      if (!isInHand(now.status)) break;
      for (const by of officialsOf(now)) if (await perform(world, now, actOf(random, type, by, now))) break;
    }
  for (const one of casesOf(world).filter(({ status }) => status === "running"))
    await applicantActsOn(world, random, one);
}

async function applicantActsOn(world: World, random: Random, one: CaseState): Promise<void> {
  const actor = `citizen:${one.applicantId}`;
  const submit = (command: object) =>
    attempt((key) => world.cases.submit(caseKind, one.id, command as never, { actor, key }));
  const late = one.receipts.filter(({ state }) => state === "unavailable");
  if (late.length > 0)
    await submit({ type: "evidence", receipts: late.map((each) => ({ ...each, state: "proved" })) });
  for (const { code, status } of Object.values(one.items))
    if (status === "supplementing") await submit(answerTo(random, one, code));
  await submit({ type: "continue", by: actor });
}
