// `start` as an operator meets it: refusals in words, a clean stop, and going on where it was.
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryData, removeData } from "@onething/postgres/data-folder";
import { testDatabase } from "@onething/postgres/testing";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { createCitizen, outcomeOf } from "./citizen.ts";
import { freePorts, killTree, runToEnd, type Started, start } from "./processes.ts";

const sampleCity = fileURLToPath(new URL("../../deploy/sample-city", import.meta.url));

let data: string;
let env: Record<string, string>;
let running: Started | undefined;
beforeEach(async () => {
  data = await createTemporaryData("onething-start-");
  env = { ...(await freePorts()), ONETHING_DATA: data };
});
afterEach(async () => {
  if (running) killTree(running.pid);
  await running?.ended;
  running = undefined;
  await removeData(data);
  for (const each of [".keys", ".log", ".city"]) await rm(data + each, { recursive: true, force: true });
});

async function started(more: Record<string, string> = {}): Promise<string> {
  running = start("start", { ...env, ...more });
  if (!(await running.ready())) throw new Error(running.said());
  return `http://127.0.0.1:${env.ONETHING_PORT}`;
}

/** Ctrl-C as a terminal does it, and as it is heard twice under npm. */
async function stopped(): Promise<string> {
  const since = Date.now();
  const { pid, ended } = running!;
  process.kill(-pid, "SIGINT");
  process.kill(pid, "SIGINT");
  const { code, output } = await ended;
  running = undefined;
  expect(code).toBe(0);
  expect(Date.now() - since).toBeLessThan(5_000);
  return output;
}

test("says where to look and whom to sign in as, refuses a second start on its folder and its ports, and goes on", async () => {
  const url = await started();
  const citizen = createCitizen("mother", url, `${data}.log`);
  await citizen.fileBirth();
  const [here, ports] = [
    { ...env, ...(await freePorts()) },
    { ...env, ONETHING_DATA: `${data}.other` },
  ];
  expect(await runToEnd("start", here)).toMatchObject({
    code: 1,
    output: expect.stringContaining(`${data} is in use`),
  });
  expect(await runToEnd("start", ports)).toMatchObject({
    code: 1,
    output: expect.stringContaining(`Port ${env.ONETHING_PORT} is taken`),
  });
  // Refused before anything was made.
  await expect(readFile(join(`${data}.other`, "owner.json"))).rejects.toThrow("ENOENT");
  const said = await stopped();
  for (const word of [`${url}/docs`, "mother 林知夏", "clerk1", "operator", "模拟器 Simulator"])
    expect(said).toContain(word);

  await started();
  expect((await outcomeOf(citizen, citizen.submitted[0]!)).case.outcome).toBe("all_granted");
  await stopped();
});

test("a sample city that was half loaded is completed, and what was changed since is left and said", async () => {
  const city = `${data}.city`;
  await cp(sampleCity, city, { recursive: true });
  const file = join(city, "licences.yaml");
  const whole = await readFile(file, "utf8");
  const blocks = whole.split(/^(?= {2}- )/m);
  await writeFile(file, blocks.slice(0, Math.ceil(blocks.length / 3)).join(""));
  await started({ ONETHING_CATALOGUE: city });
  await stopped();

  await writeFile(file, whole.replace("桂花街道望月路12号", "桂花街道望月路99号"));
  const url = await started({ ONETHING_CATALOGUE: city });
  const citizen = createCitizen("mother3", url, `${data}.log`);
  await citizen.fileBirth();
  expect((await outcomeOf(citizen, citizen.submitted[0]!)).case.outcome).toBe("all_granted");
  expect(await stopped()).toContain("Sample licences changed since they were loaded, left as they were: 1");
});

test("a catalogue without sample people, registers or scripts runs, and says that nobody can sign in", async () => {
  const city = `${data}.city`;
  await mkdir(city);
  for (const name of ["city", "departments", "evidence", "birth", "after-death"])
    await cp(join(sampleCity, `${name}.yaml`), join(city, `${name}.yaml`));
  const url = await started({ ONETHING_CATALOGUE: city, ONETHING_SIMULATOR: "off" });
  expect(await fetch(`${url}/docs`).then((answer) => answer.status)).toBe(200);
  expect(await stopped()).toContain("This city has no sample accounts");
});

test("a server of one's own is used instead of the built-in one", async () => {
  inject("postgresUrl");
  const database = await testDatabase({ schema: "own", directories: [] });
  const own = { ONETHING_DATABASE_URL: database.adminUrl };
  const citizen = createCitizen("mother", await started(own), `${data}.log`);
  await citizen.fileBirth();
  expect((await outcomeOf(citizen, citizen.submitted[0]!)).case.outcome).toBe("all_granted");
  await stopped();
  expect(await runToEnd("verify", { ...env, ...own })).toMatchObject({ code: 0 });
  await database.close();
});
