// Kills the whole platform at random moments of its work, ten times, and looks at what is left.
import { readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createTemporaryData, removeData } from "@onething/postgres/data-folder";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resultsOfBirth } from "./births.ts";
import { type Citizen, createCitizen, outcomeOf } from "./citizen.ts";
import { freePorts, killAlone, killDatabase, killTree, runToEnd, type Started, start } from "./processes.ts";
import { type Random, randomBy } from "./random.ts";

const kills = 10;

let data: string;
let env: Record<string, string>;
let running: Started | undefined;
beforeEach(async () => {
  data = await createTemporaryData("onething-kill-");
  env = { ...(await freePorts()), ONETHING_DATA: data, ONETHING_REGISTER_RETRY_MS: "200" };
});
afterEach(async () => {
  if (running) killTree(running.pid);
  await running?.ended;
  await removeData(data);
  for (const each of [".keys", ".log"]) await rm(data + each, { recursive: true, force: true });
});

test("killed at any moment, ten times over, nothing acknowledged is lost, doubled or stuck", async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  console.log(`SEED=${seed}`);
  const random = randomBy(seed);
  const log = `${data}.log`;
  const citizens = ["mother", "mother2", "mother3"].map((name) =>
    createCitizen(name, `http://127.0.0.1:${env.ONETHING_PORT}`, log),
  );
  let filing = true;
  const filed = Promise.all(
    citizens.map(async (citizen) => {
      while (filing) await citizen.fileBirth();
    }),
  );
  filed.catch(() => {}); // told below
  for (let n = 1; n <= kills; n++) {
    running = start("start", env);
    // Every third time the start itself is hit, or what it does first.
    if (n % 3 === 0) await sleep(random() * 1200);
    else {
      await mustBeReady(running);
      await sleep(random() * 1200);
    }
    await killSome(running, n, random);
  }
  filing = false;
  running = start("start", env);
  await filed;

  const acknowledged = (await readFile(log, "utf8")).trim().split("\n");
  expect(acknowledged.length).toBe(citizens.flatMap((each) => each.acknowledged).length);
  expect(citizens.reduce((sum, each) => sum + each.retries, 0)).toBeGreaterThan(0);
  await Promise.all(citizens.map(keepsItsWord));
  await endAsExpected(citizens);
  expect(await runToEnd("verify", env)).toMatchObject({ code: 0 });
  await stopsInGoodOrder();
  expect(await runToEnd("verify", env)).toMatchObject({ code: 0 });
}, 120_000);

test("when only the database is killed, the platform says so, leaves with an error, and starts again", async () => {
  running = start("start", env);
  await mustBeReady(running);
  const citizen = createCitizen("mother", `http://127.0.0.1:${env.ONETHING_PORT}`, `${data}.log`);
  await citizen.fileBirth();
  killDatabase(data);
  const { code, output } = await running.ended;
  expect(code).toBe(1);
  expect(output).toContain("The database stopped unexpectedly");
  running = start("start", env);
  await endAsExpected([citizen]);
  await stopsInGoodOrder();
});

async function mustBeReady(platform: Started): Promise<void> {
  if (!(await platform.ready())) throw new Error(platform.said());
}

/** Mostly all at once; now and then the platform alone or its database alone. */
async function killSome({ pid, ended }: Started, n: number, random: Random): Promise<void> {
  const choice = n % 5 === 0 ? "database" : random() < 0.75 ? "all" : "platform";
  if (choice === "database")
    try {
      killDatabase(data);
      await Promise.race([ended, sleep(10_000).then(() => Promise.reject(new Error("it hangs")))]);
      return;
    } catch (error) {
      if (error instanceof Error && error.message === "it hangs") throw error;
      // No database yet: then all of it.
    }
  if (choice === "platform") killAlone(pid);
  else killTree(pid);
  await ended;
}

/** What was acknowledged is answered just so again, and the cases are those that were acknowledged, none more. */
async function keepsItsWord(citizen: Citizen): Promise<void> {
  for (const command of citizen.acknowledged) expect(await citizen.repeat(command)).toEqual(command.answer);
  const { cases } = await citizen.read<{ cases: { id: string }[] }>("/api/v1/cases?limit=100");
  expect(cases.map((each) => each.id).sort()).toEqual([...citizen.submitted].sort());
}

async function endAsExpected(citizens: readonly Citizen[]): Promise<void> {
  const identifiers: string[] = [];
  for (const citizen of citizens) {
    expect(citizen.submitted.length).toBeGreaterThan(0);
    for (const id of citizen.submitted) {
      const ended = await outcomeOf(citizen, id);
      expect(ended.case.outcome).toBe("all_granted");
      expect(ended.results.map(({ type, holder }) => `${type} ${holder.role}`).sort()).toEqual(
        resultsOfBirth,
      );
      identifiers.push(...ended.results.map((result) => result.identifier));
    }
  }
  expect(new Set(identifiers).size).toBe(identifiers.length);
}

async function stopsInGoodOrder(): Promise<void> {
  process.kill(-running!.pid, "SIGINT");
  expect(await running!.ended).toMatchObject({ code: 0, signal: null });
  running = undefined;
}
