// A catalogue that is broken, and a port that is taken: the start is refused in words that say where and what to do, and
// nothing stays behind that a second start would stumble over.
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readConfig } from "@onething/all-in-one/config";
import { run } from "@onething/all-in-one/start";
import { schemas } from "@onething/all-in-one/storage";
import { OnethingError } from "@onething/kernel/errors";
import { testDatabase } from "@onething/postgres/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readable } from "./filing.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const sample = join(root, "deploy", "sample-city");
let folder: string;
let database: Awaited<ReturnType<typeof testDatabase>>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-start-"));
  database = await testDatabase(schemas);
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const config = (env: Record<string, string> = {}) => ({
  ...readConfig({ ONETHING_DATA: join(folder, "data"), ONETHING_LOG_LEVEL: "silent", ...env }),
  databaseUrl: database.adminUrl,
  port: 0,
  grpcPort: 0,
});

/** A copy of the sample city with one text of one file replaced, and where the replacement begins. */
async function cityWith(file: string, find: string, replacement: string) {
  const city = await mkdtemp(join(folder, "city-"));
  await cp(sample, city, { recursive: true });
  const text = await readFile(join(city, file), "utf8");
  const offset = text.indexOf(find);
  expect(offset).toBeGreaterThan(-1);
  await writeFile(
    join(city, file),
    text.replace(find, () => replacement),
  );
  const lines = text.slice(0, offset).split("\n");
  return { city, line: lines.length, column: lines.at(-1)!.length + 1 };
}

async function refusedStart(starting: Promise<{ stop(): Promise<void> }>): Promise<OnethingError> {
  const error = await starting.then(
    async (running) => {
      await running.stop();
      return new Error("it started");
    },
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OnethingError)) throw error;
  readable(error.public, /./, /./);
  return error;
}

describe("a catalogue that is not right does not start", () => {
  test.each([
    ["broken YAML", "city.yaml", 'division: "430999"', "division: [430999}", /valid YAML/],
    ["a duplicate key", "city.yaml", 'division: "430999"', "code: again", /stands here twice/],
    ["an unknown key", "departments.yaml", "- code: health", "- colour: red", /colour/],
    [
      "a rule that does not parse",
      "birth.yaml",
      'answers.registerWith == "mother"',
      "answers.registerWith ==",
      /./,
    ],
    [
      "a rule about an unknown answer",
      "birth.yaml",
      'answers.motherInsured == "true"',
      'answers.weather == "fine"',
      /weather/,
    ],
    ["a department nobody has named", "birth.yaml", "lead: health", "lead: astrology", /astrology/],
  ])("%s: file, line and column are named", async (_, file, find, replacement, words) => {
    const { city, line } = await cityWith(file, find, replacement);
    const error = await refusedStart(run(config({ ONETHING_CATALOGUE: city })));
    expect(error.reason).toBe("catalog.not_publishable");
    const named = error.fields.filter(({ field }) => field.startsWith(`${file}:${line}:`));
    expect(error.fields.map(({ field }) => field)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^[\w-]+\.yaml:\d+:\d+$/)]),
    );
    expect(named.map(({ text }) => text.en).join()).toMatch(words);
    for (const { text } of named) readable(text, /./, /./);
  });

  test("items that wait for each other in a circle are named, with the place", async () => {
    const { city } = await cityWith(
      "birth.yaml",
      "      - item: B1\n        after: [B0]",
      "      - item: B1\n        after: [B0, B7]",
    );
    const error = await refusedStart(run(config({ ONETHING_CATALOGUE: city })));
    expect(error.reason).toBe("catalog.not_publishable");
    const circle = error.fields.find(({ text }) => text.en.includes("B1") && text.en.includes("B7"));
    expect(circle?.field).toMatch(/^birth\.yaml:\d+:\d+$/);
    readable(circle!.text, /环|循环|互相/, /circle|cycle/);
  });

  test("a mistake in the city's other lists is named with its place too", async () => {
    const { city, line } = await cityWith("accounts.yaml", "role: citizen", "role: king");
    const error = await refusedStart(run(config({ ONETHING_CATALOGUE: city })));
    expect(error.reason).toBe("sample.invalid");
    expect(error.public.en).toContain(`accounts.yaml:${line}:`);
  });

  test("a folder that is not there is named with its variable", () => {
    const missing = () => config({ ONETHING_CATALOGUE: "/nowhere/at-all" });
    expect(missing).toThrow(/ONETHING_CATALOGUE names a folder that is not there: \/nowhere\/at-all/);
  });

  test("the command says it on standard error in both languages, with the place, and exits 1", async () => {
    const { city, line } = await cityWith("city.yaml", 'division: "430999"', "code: again");
    const child = spawn(process.execPath, [join(root, "services/all-in-one/src/main.ts"), "start"], {
      env: { ...process.env, ONETHING_CATALOGUE: city, ONETHING_DATA: join(folder, "never") },
    });
    const said: string[] = [];
    child.stderr.on("data", (data: Buffer) => said.push(data.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    const text = said.join("");
    expect(code).toBe(1);
    expect(text).toMatch(/\p{Script=Han}/u);
    expect(text).toContain(`city.yaml:${line}:`);
    expect(text).not.toMatch(/\n\s+at /);
  });
});

describe("a port that is taken", () => {
  let taken: Server;
  let port: number;
  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    port = (taken.address() as { port: number }).port;
  });
  afterAll(() => new Promise((resolve) => taken.close(resolve)));

  test.each([
    ["HTTP", "port", "ONETHING_PORT"],
    ["gRPC", "grpcPort", "ONETHING_GRPC_PORT"],
  ])("by another program is said with the variable that chooses another: %s", async (_, which, variable) => {
    const error = await refusedStart(run({ ...config(), [which]: port }));
    expect(error.reason).toBe("start.port_taken");
    readable(error.public, new RegExp(`${port}.*${variable}`), new RegExp(`${port} is taken.*${variable}`));
  });

  test("leaves nothing behind: the same gRPC port and data serve at the next start", async () => {
    const grpcPort = await freePort();
    await refusedStart(run({ ...config(), port, grpcPort }));
    const running = await run({ ...config(), grpcPort });
    expect((await fetch(`${running.platform.url}/readyz`)).status).toBe(200);
    await running.stop();
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("a database of one's own that cannot be used is told in words, without the URL's password", async () => {
  const databaseUrl = "postgres://somebody:secret-word@127.0.0.1:1/nowhere";
  const error = await run({ ...config(), databaseUrl }).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(OnethingError);
  const { reason, public: text } = error as OnethingError;
  expect(reason).toBe("config.database");
  expect(text.zh).toMatch(/ONETHING_DATABASE_URL/);
  expect(text.en).toMatch(/cannot be used/);
  expect(JSON.stringify(text)).not.toContain("secret-word");
});

test("the demo does not pretend to refuse an item that is not in the case", async () => {
  const { runDemo } = await import("@onething/all-in-one/demo/demo");
  const data = join(folder, "demo");
  await expect(
    runDemo({ ...readConfig({ ONETHING_DATA: data, ONETHING_LOG_LEVEL: "silent" }) }, [
      "--json",
      "--refuse",
      "B9",
    ]),
  ).rejects.toMatchObject({ reason: "demo.not_in_case" });
});
