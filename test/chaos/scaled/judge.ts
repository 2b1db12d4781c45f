// After the last fault: what was acknowledged is there, once, and ended as it must; and verify finds nothing.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { CaseBody, ResultBody } from "@onething/all-in-one/demo/bodies";
import { verifyData } from "@onething/all-in-one/verify";
import { openDatabase } from "@onething/postgres/database";
import { resultsOfBirth } from "../births.ts";
import type { Acknowledged } from "./client.ts";
import type { Load, Submitted } from "./load.ts";
import type { Stage } from "./stage.ts";

export interface Verdict {
  /** Everything that is wrong; empty is what we want. */
  problems: string[];
  /** When each case ended, by id. */
  finishedAt: Map<string, number>;
  acknowledged: number;
  drainedAt: number;
}

const pollMs = 500;
const drainLimitMs = 120_000;
const atOnce = 6;

export async function judge(stage: Stage, load: Load, file: string, limitMs: number): Promise<Verdict> {
  const problems: string[] = [];
  const ended = await allEnded(load, limitMs, problems);
  const drained = stage.scaled.platform.drain();
  const late = sleep(drainLimitMs, undefined, { ref: false }).then(() => {
    throw new Error(`not drained after ${drainLimitMs / 1000} s`);
  });
  await Promise.race([drained, late]).catch((error: unknown) => problems.push(`drain: ${wordsOf(error)}`));
  const drainedAt = Date.now();

  await inParallel([...ended], async ([submitted, seen]) => {
    problems.push(...(await wrongAbout(submitted, seen)));
  });
  const acknowledged = readFileSync(file, "utf8").trim().split("\n").filter(Boolean);
  const commands = acknowledged.map((line) => JSON.parse(line) as Acknowledged);
  problems.push(...(await broken(load, commands)));
  problems.push(...(await counted(stage, commands)));
  // By the data folder: then verify also looks whether anybody stands still.
  const { violations } = await verifyData({ ...stage.config, databaseUrl: undefined });
  problems.push(...violations.map(({ service, stream, what }) => `verify: ${service}  ${stream}: ${what}`));
  const finishedAt = new Map([...ended].map(([{ id }, seen]) => [id, Date.parse(seen.finishedAt ?? "")]));
  return { problems, finishedAt, acknowledged: commands.length, drainedAt };
}

/** Reads every submitted case until it has ended. */
async function allEnded(load: Load, limitMs: number, problems: string[]): Promise<Map<Submitted, CaseBody>> {
  const ended = new Map<Submitted, CaseBody>();
  const last = new Map<Submitted, CaseBody>();
  for (const end = Date.now() + limitMs; ; await sleep(pollMs)) {
    const open = load.submitted.filter((each) => !ended.has(each));
    if (open.length === 0) return ended;
    if (Date.now() > end) {
      for (const each of open) problems.push(`${each.id} does not end: ${standOf(last.get(each))}`);
      return ended;
    }
    await inParallel(open.slice(0, 50), async (each) => {
      const seen = await each.client.get<CaseBody>(`/api/v1/cases/${each.id}`);
      last.set(each, seen);
      if (seen.status === "closed") ended.set(each, seen);
    });
  }
}

const standOf = (seen: CaseBody | undefined): string =>
  seen ? seen.items.map(({ code, status }) => `${code} ${status}`).join(", ") : "never seen";

/** A birth has its results, each once; a death all its items. */
async function wrongAbout({ id, bundle, client }: Submitted, seen: CaseBody): Promise<string[]> {
  if (seen.outcome !== "all_granted") return [`${id} (${bundle}) ended ${seen.outcome}: ${standOf(seen)}`];
  const { results } = await client.get<{ results: ResultBody[] }>(`/api/v1/cases/${id}/results`);
  const found = results.map(({ type, holder }) => `${type} ${holder.role}`).sort();
  if (bundle === "birth" && found.join() !== resultsOfBirth.join()) return [`${id} has ${found.join(", ")}`];
  if (results.some(({ status }) => status !== "valid")) return [`${id} has results that are not valid`];
  return [];
}

/** Acknowledged commands that are answered otherwise now. */
async function broken(load: Load, commands: readonly Acknowledged[]): Promise<string[]> {
  const clients = new Map(load.clients.map((client) => [client.name, client]));
  const problems: string[] = [];
  await inParallel(commands, async (command) => {
    const again = await clients.get(command.client)!.repeat(command).catch(wordsOf);
    if (JSON.stringify(again) !== JSON.stringify(command.answer))
      problems.push(
        `${command.path} (${command.key}) was answered ${JSON.stringify(command.answer)}, and now ${JSON.stringify(again)}`,
      );
  });
  return problems;
}

/** What lies there against what was acknowledged: as many, none twice. */
async function counted({ postgres }: Stage, commands: readonly Acknowledged[]): Promise<string[]> {
  const of = (end: string) => commands.filter(({ path }) => path.endsWith(end));
  const drafted = of("/api/v1/cases").map(({ answer }) => (answer as { id: string }).id);
  const submitted = of("/submit").map(({ path }) => path.split("/").at(-2)!);
  const db = openDatabase({ url: postgres.now().url, schema: "casewindow", max: 1 });
  try {
    const cases = await db.query<{ id: string; draft: boolean }>(
      "select id, coalesce(state ->> 'submittedAt', '') = '' as draft from casewindow.case_file",
    );
    const twice = await db.query<{ identifier: string; n: number }>(
      "select identifier, count(*)::int as n from licence.licence group by identifier having count(*) > 1",
    );
    const stuck = await Promise.all(
      ["casewindow", "approval", "licence", "verification"].map((schema) =>
        db.query<{ what: string }>(
          `select 'stuck in ${schema}: ' || row_to_json(s)::text as what from ${schema}.stuck_event s limit 20`,
        ),
      ),
    );
    return [
      ...differ(
        "cases",
        drafted,
        cases.map(({ id }) => id),
      ),
      ...differ(
        "submissions",
        submitted,
        cases.filter(({ draft }) => !draft).map(({ id }) => id),
      ),
      ...twice.map(({ identifier, n }) => `licence ${identifier} was issued ${n} times`),
      ...stuck.flat().map(({ what }) => what.slice(0, 500)),
    ];
  } finally {
    await db.close();
  }
}

function differ(what: string, acknowledged: readonly string[], there: readonly string[]): string[] {
  const [one, other] = [new Set(acknowledged), new Set(there)];
  const lost = acknowledged.filter((id) => !other.has(id));
  const more = there.filter((id) => !one.has(id));
  return [
    ...(one.size < acknowledged.length ? [`${what}: the same id was given to two`] : []),
    ...(lost.length > 0 ? [`${what} acknowledged and not there: ${lost.join(", ")}`] : []),
    ...(more.length > 0 ? [`${what} there and never acknowledged: ${more.join(", ")}`] : []),
  ];
}

async function inParallel<T>(list: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const left = list.values();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const each of left) await work(each);
    }),
  );
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
