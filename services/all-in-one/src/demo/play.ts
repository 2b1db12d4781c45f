// Plays one case from request to licences through the public doors, and reads everything back through them.

import type { ReadCity } from "@onething/item-catalog/city";
import { invalid } from "@onething/kernel/errors";
import { z } from "zod";
import type { Sample } from "../sample.ts";
import type {
  CaseBody,
  CaseItemBody,
  PaperBody,
  PreviewBody,
  QuestionBody,
  ReceiptBody,
  ResultBody,
} from "./bodies.ts";
import { type Door, signIn } from "./door.ts";

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));
/** What the applicant says when a department asks for something more. */
const Supplement = z.object({
  item: z.string(),
  gaps: z.array(
    z.object({
      /** The form field or the requirement that is asked for; without it, whatever else is. */
      about: z.string().optional(),
      value: z.union([z.string(), z.number(), z.boolean()]).transform(String).optional(),
      words: z.string().optional(),
    }),
  ),
});
/** What the demo types in, by bundle: data of the city. */
export const DemoScript = z.object({
  bundle: z.string(),
  by: z.string(),
  /** Account of the clerk, when a window takes it in. */
  window: z.string().optional(),
  answers: values,
  people: z.array(z.object({ role: z.string(), person: z.string() })).default([]),
  form: values,
  statements: z.union([z.literal("all"), z.array(z.string())]).default("all"),
  /** At a window: requirements whose original the clerk has seen. */
  originalsSeen: z.array(z.string()).default([]),
  supplements: z.array(Supplement).default([]),
});
export type DemoScript = z.infer<typeof DemoScript>;

export interface Played {
  script: DemoScript;
  questions: QuestionBody[];
  preview: PreviewBody;
  case: CaseBody;
  receipts: ReceiptBody[];
  results: ResultBody[];
  /** Issued to the applicant. */
  papers: PaperBody[];
  meters: Record<string, number>;
}

/** A city at whose public door a case can be filed, and the people who may. */
export interface Open {
  city: ReadCity;
  platform: { url: string; sample: Pick<Sample, "accounts" | "known"> };
}

/** What a demo needs of a platform, in whatever way it runs. */
export interface Playable extends Open {
  platform: Open["platform"] & { drain(): Promise<void> };
}

export const scriptOf = (running: Open, bundle: string | undefined): DemoScript => {
  const scripts = z.array(DemoScript).parse(running.city.others.demo ?? []);
  const script = bundle ? scripts.find((each) => each.bundle === bundle) : scripts[0];
  if (script) return script;
  const known = scripts.map((each) => each.bundle).join(", ");
  throw invalid(
    "demo.no_script",
    `没有“${bundle}”的演示，可选：${known}`,
    `There is no demo of ${bundle}; there are: ${known}`,
  );
};

/** How long a demo may take before it is called stuck, milliseconds. */
const patienceMs = 120_000;

/** A case that has been submitted, and what was seen on the way. */
export interface Filed {
  script: DemoScript;
  id: string;
  /** Whose door it was filed at. */
  door: Door;
  questions: QuestionBody[];
  preview: PreviewBody;
}

export async function play(running: Playable, script: DemoScript): Promise<Played> {
  const operator = await signInAs(running, operatorOf(running));
  const before = await meters(operator);
  const ended = await finish(await file(running, script));
  await running.platform.drain();
  const after = await meters(operator);
  const applicant = await signInAs(running, script.by);
  const { papers } = await applicant.get<{ papers: PaperBody[] }>(`/api/v1/papers?case=${ended.case.id}`);
  const counted = Object.entries(after).map(([name, n]) => [name, n - (before[name] ?? 0)] as const);
  return { ...ended, papers, meters: Object.fromEntries(counted) };
}

/** From the request to its submission, as a person at the citizen's or the window's door does it. */
export async function file(running: Open, script: DemoScript): Promise<Filed> {
  const door = await signInAs(running, script.window ?? script.by);
  const { id } = await door.post<{ id: string }>("/api/v1/cases", {
    bundle: script.bundle,
    people: script.people.map(({ role, person }) => ({ role, ...personOf(running, person) })),
    ...(script.window ? { applicant: personOf(running, applicantOf(running, script.by)) } : {}),
  });
  const at = pathOf(id);
  const { questions } = await door.get<{ questions: QuestionBody[] }>(`${at}/questions`);
  await door.post(`${at}/answers`, { answers: script.answers });
  const preview = await door.get<PreviewBody>(`${at}/preview`);
  await door.post(`${at}/submit`, {
    form: script.form,
    consents: preview.uses.filter((use) => use.ground === "consent").map((use) => use.id),
    statements: script.statements === "all" ? preview.statements.map((each) => each.id) : script.statements,
    originalsSeen: script.originalsSeen,
  });
  return { script, id, door, questions, preview };
}

/** Answers what is asked for, waits until the case has ended and its results are handed over, and reads what came of it. */
export async function finish({ door, id, ...filed }: Filed): Promise<Omit<Played, "meters" | "papers">> {
  const at = pathOf(id);
  const ended = await untilDelivered(door, at, filed.script);
  const { receipts } = await door.get<{ receipts: ReceiptBody[] }>(`${at}/receipts`);
  const { results } = await door.get<{ results: ResultBody[] }>(`${at}/results`);
  return { ...filed, case: ended, receipts, results };
}

const pathOf = (id: string): string => `/api/v1/cases/${id}`;

const meters = (operator: Door) => operator.get<Record<string, number>>("/api/v1/operations/meters");

async function untilDelivered(door: Door, path: string, script: DemoScript): Promise<CaseBody> {
  const end = Date.now() + patienceMs;
  const answered = new Set<string>();
  for (;;) {
    const body = await door.get<CaseBody>(path);
    if (isOver(body)) return body;
    if (Date.now() > end)
      throw new Error(
        `the case did not end: ${body.items.map((item) => `${item.code} ${item.status}`).join(", ")}`,
      );
    for (const item of body.items) if (item.notice) await answer(door, path, script, item, answered);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const isOver = ({ status, items }: CaseBody): boolean =>
  status === "closed" && items.every(({ outcome, delivered }) => outcome !== "granted" || delivered);

/** Everything that a notice asks for, at once, as the script has it. */
async function answer(
  door: Door,
  path: string,
  { supplements }: DemoScript,
  { code, notice }: CaseItemBody,
  answered: Set<string>,
): Promise<void> {
  const gaps = notice?.gaps ?? [];
  const first = gaps[0]?.id ?? "";
  if (answered.has(`${code} ${first}`)) return;
  answered.add(`${code} ${first}`);
  const said = supplements.find(({ item }) => item === code)?.gaps ?? [];
  const answers = gaps.map(({ id, field, requirement, what }) => {
    const given = said.find(({ about }) => about === (field?.name ?? requirement?.id));
    if (given?.value !== undefined) return { gap: id, way: "value", value: given.value };
    if (given?.words !== undefined) return { gap: id, way: "words", words: given.words };
    if (given && requirement) return { gap: id, way: "evidence" };
    throw invalid(
      "demo.no_answer",
      `演示没有准备怎样答复事项 ${code} 的补正：${what.zh}`,
      `The demo has no answer to what item ${code} asks for: ${what.en}`,
    );
  });
  await door.post(`${path}/items/${code}/supplement`, { answers });
}

async function signInAs(running: Open, username: string): Promise<Door> {
  const account = running.platform.sample.accounts.find((each) => each.username === username);
  if (!account) throw invalid("demo.no_account", `没有账号 ${username}`, `There is no account ${username}`);
  return signIn(running.platform.url, username, account.password);
}

const operatorOf = (running: Open): string =>
  running.platform.sample.accounts.find((each) => each.role === "operator")?.username ?? "";

const applicantOf = (running: Open, username: string): string =>
  running.platform.sample.accounts.find((each) => each.username === username)?.person ?? username;

function personOf(running: Open, key: string): { identityNumber: string; name: string } {
  const person = running.platform.sample.known.get(key);
  if (person) return { identityNumber: person.identityNumber, name: person.name };
  throw invalid("demo.no_person", `没有 ${key} 这个人`, `There is no person ${key}`);
}
