// The load: families who file birth after birth, some at once, and now and then somebody after a death.
import { setTimeout as sleep } from "node:timers/promises";
import type { CaseBody, PreviewBody } from "@onething/all-in-one/demo/bodies";
import { type DemoScript, scriptOf } from "@onething/all-in-one/demo/play";
import type { Scaled } from "@onething/all-in-one/scaled/scaled";
import { families, secondFamily } from "../../stories/families.ts";
import { type Client, createClient, type Success } from "./client.ts";

/** A case whose submission was acknowledged. */
export interface Submitted {
  id: string;
  bundle: string;
  client: Client;
  at: number;
}

export interface Load {
  submitted: Submitted[];
  successes: Success[];
  /** Attempts that failed, by why. */
  failures: Map<string, number>;
  clients: Client[];
  /** What a client was refused, or did not get within its patience. */
  problems: string[];
  /** Until every client has a case that has ended. */
  warm(): Promise<void>;
  /** Those after a death file after so long, milliseconds; each family has one to file for. */
  fileDeaths(afterMs: readonly number[]): void;
  /** Ends when everything begun is acknowledged. */
  finish(): Promise<void>;
}

interface LoadOptions {
  scaled: Scaled;
  /** The file of acknowledgements. */
  file: string;
}

/** Whose desk is looked at now and then. */
const officer = "officer-health";
const thinkMs = 150;
const deskMs = 500;
const warmLimitMs = 60_000;
/** Families that file twice at the same time. */
const double = ["mother", "mother2"];

export function startLoad({ scaled, file }: LoadOptions): Load {
  const stopping = new AbortController();
  const load: Omit<Load, "warm" | "fileDeaths" | "finish"> = {
    submitted: [],
    successes: [],
    failures: new Map(),
    clients: [],
    problems: [],
  };
  const client = (name: string): Client => {
    const made = createClient({
      ...{ name, file, url: scaled.platform.url },
      succeeded: (success) => load.successes.push(success),
      failed: (why) => load.failures.set(why, (load.failures.get(why) ?? 0) + 1),
    });
    load.clients.push(made);
    return made;
  };
  const one = async (by: Client, script: DemoScript): Promise<void> => {
    try {
      const id = await fileOne(scaled, by, script);
      load.submitted.push({ id, bundle: script.bundle, client: by, at: Date.now() });
    } catch (error) {
      load.problems.push(`${by.name}: ${wordsOf(error)}`);
    }
  };
  const look = async (by: Client, path: string): Promise<void> => {
    await by.get(path).catch((error: unknown) => load.problems.push(`${by.name}: ${wordsOf(error)}`));
  };
  const watchDesk = async (): Promise<void> => {
    for (const by = client(officer); !stopping.signal.aborted; await sleep(deskMs))
      await look(by, "/api/v1/work");
  };
  const live = async (script: DemoScript, name: string): Promise<void> => {
    const by = client(name);
    for (; !stopping.signal.aborted; await sleep(thinkMs * (0.5 + Math.random()))) {
      await one(by, script);
      await look(by, "/api/v1/licences");
    }
  };
  const births = families(scriptOf(scaled, "birth"));
  const living = births.flatMap((script) => [
    live(script, script.by),
    ...(double.includes(script.by) ? [live(script, `${script.by}/second`)] : []),
  ]);
  living.push(watchDesk());
  const death = scriptOf(scaled, "after-death");
  return {
    ...load,
    warm: async () => {
      const filing = load.clients.filter(({ name }) => name !== officer);
      await Promise.all(filing.map((each) => firstEnd(each, load)));
    },
    fileDeaths: (afterMs) => {
      for (const [i, script] of [death, secondFamily(death)].entries()) {
        const waited = sleep(afterMs[i] ?? 0, undefined, { signal: stopping.signal }).catch(() => undefined);
        living.push(waited.then(() => one(client(script.by), script)));
      }
    },
    finish: async () => {
      stopping.abort();
      await Promise.all(living);
    },
  };
}

async function firstEnd(client: Client, { submitted, problems }: Pick<Load, "submitted" | "problems">) {
  for (const end = Date.now() + warmLimitMs; Date.now() < end; await sleep(200)) {
    const first = submitted.find((each) => each.client === client);
    if (first && (await client.get<CaseBody>(`/api/v1/cases/${first.id}`)).status === "closed") return;
  }
  throw new Error(`no case of ${client.name} ended before anything was broken: ${problems.join("; ")}`);
}

/** From the request to its acknowledged submission; answers with the case's id. */
async function fileOne(scaled: Scaled, by: Client, script: DemoScript): Promise<string> {
  const people = script.people.map(({ role, person }) => {
    const { identityNumber, name } = scaled.platform.sample.known.get(person)!;
    return { role, identityNumber, name };
  });
  await by.get(`/api/v1/bundles/${script.bundle}`);
  const { id } = await by.post<{ id: string }>("/api/v1/cases", { bundle: script.bundle, people });
  const at = `/api/v1/cases/${id}`;
  await by.post(`${at}/answers`, { answers: script.answers });
  const preview = await by.get<PreviewBody>(`${at}/preview`);
  await by.post(`${at}/submit`, {
    form: script.form,
    consents: preview.uses.filter((use) => use.ground === "consent").map((use) => use.id),
    statements: preview.statements.map((each) => each.id),
    originalsSeen: [],
  });
  return id;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
