// A citizen who files birth after birth, and does not take "connection lost" for an answer: what was not acknowledged is
// sent again with the same key. What was acknowledged stands in a file of the citizen's own, written before going on.
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { CaseBody, PreviewBody, ResultBody } from "@onething/all-in-one/demo/bodies";
import { type Door, DoorError, signIn } from "@onething/all-in-one/demo/door";

/** One acknowledged command. */
export interface Acknowledged {
  path: string;
  body: unknown;
  key: string;
  answer: unknown;
}

export interface Citizen {
  name: string;
  acknowledged: Acknowledged[];
  /** Cases whose submission was acknowledged. */
  submitted: string[];
  /** Retries that found the platform away. */
  retries: number;
  /** Files one birth, through whatever happens meanwhile. */
  fileBirth(): Promise<void>;
  read<T>(path: string): Promise<T>;
  /** Sends an acknowledged command again. */
  repeat(command: Acknowledged): Promise<unknown>;
}

const answers = {
  bornWithin: "sixMonths",
  registerWith: "mother",
  sameEthnicity: "true",
  motherInsured: "true",
  wantsGuidance: "true",
  subsidyNow: "false",
  birthPlanToo: "false",
};
const form = {
  childName: "周语棠",
  motherPhone: "19900000001",
  cardBank: "ccb",
  bankName: "示例市商业银行",
  bankAccount: "6200430999000000017",
};
const patienceMs = 45_000;

export function createCitizen(name: string, url: string, logFile: string): Citizen {
  let door: Door | undefined;
  let count = 0;

  /** Until it is answered. A refusal is an answer; only a platform that is away, or says it is busy, is asked again. */
  const insist = async <T>(ask: (door: Door) => Promise<T>): Promise<T> => {
    for (const end = Date.now() + patienceMs; ; ) {
      try {
        door ??= await signIn(url, name, "onething");
        return await ask(door);
      } catch (error) {
        if ((error instanceof DoorError && error.status < 500) || Date.now() > end) throw error;
        citizen.retries++;
        await sleep(30);
      }
    }
  };
  const post = async <T>(path: string, body: unknown): Promise<T> => {
    const key = `${name}-command-${++count}`;
    const answer = await insist((at) => at.post<T>(path, body, key));
    const done = { path, body, key, answer };
    appendFileSync(logFile, `${JSON.stringify({ name, ...done })}\n`);
    citizen.acknowledged.push(done);
    return answer;
  };
  const citizen: Citizen = {
    name,
    acknowledged: [],
    submitted: [],
    retries: 0,
    read: (path) => insist((at) => at.get(path)),
    repeat: ({ path, body, key }) => insist((at) => at.post(path, body, key)),
    async fileBirth() {
      const { id } = await post<{ id: string }>("/api/v1/cases", { bundle: "birth" });
      const path = `/api/v1/cases/${id}`;
      await post(`${path}/answers`, { answers });
      const preview = await citizen.read<PreviewBody>(`${path}/preview`);
      await post(`${path}/submit`, {
        form,
        consents: preview.uses.filter((use) => use.ground === "consent").map((use) => use.id),
        statements: preview.statements.map((each) => each.id),
      });
      citizen.submitted.push(id);
    },
  };
  return citizen;
}

/** Reads a case until it has ended, and what came of it. */
export async function outcomeOf(
  citizen: Citizen,
  id: string,
): Promise<{ case: CaseBody; results: ResultBody[] }> {
  const path = `/api/v1/cases/${id}`;
  for (const end = Date.now() + patienceMs; ; await sleep(50)) {
    const seen = await citizen.read<CaseBody>(path);
    if (seen.status === "closed")
      return {
        case: seen,
        results: (await citizen.read<{ results: ResultBody[] }>(`${path}/results`)).results,
      };
    if (Date.now() > end)
      throw new Error(
        `${id} does not end: ${seen.items.map((item) => `${item.code} ${item.status}`).join(", ")}`,
      );
  }
}
