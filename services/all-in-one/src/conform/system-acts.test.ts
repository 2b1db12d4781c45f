// What a system does besides deciding: it asks for what is missing (Licensing Law art. 32) and runs special procedures (art. 45).
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorkDetail } from "@onething/contracts/approval/v1/work";
import { type ReadCity, readCity } from "@onething/item-catalog/city";
import { beforeAll, expect, test } from "vitest";
import { refused } from "../commands/command.fixture.ts";
import { sampleCity } from "../config.ts";
import { type Door, judged, plainly, playSystem } from "./system.fixture.ts";

const kitClient = join(import.meta.dirname, "../../../../deploy/department-kit/client.ts");
let city: ReadCity;
beforeAll(async () => {
  city = await readCity(sampleCity);
});

test.each([
  ["decides", [], []],
  ["asks for what is missing and goes on once it is answered", ["supplement"], []],
  ["asks, and runs a special procedure", ["supplement", "pause"], ["--procedure", "inspection"]],
] as const)("the example of the departments' kit passes every line: it %s", async (_, does, more) => {
  const folder = await mkdtemp(join(tmpdir(), "onething-kit-"));
  const procedures = does.some((each) => each === "pause") ? ["inspection"] : [];
  const played = await playSystem(city.catalogue, { department: "health", seconds: 40, does, procedures });
  const options = ["--address", played.address, "--account", "", "--state", join(folder, "cursor"), ...more];
  const client = spawn(process.execPath, [kitClient, ...options], { stdio: "ignore" });
  const { said } = await judged(played);
  client.kill();
  await rm(folder, { recursive: true });
  expect(said.filter((line) => !line.startsWith("✓"))).toHaveLength(1);
  expect(said).toHaveLength(13 + 2 * Number(does.length > 0) + Number(procedures.length > 0));
});

/** Looks through its list again and again, with what `does` makes of each piece; its keys and its pauses are right. */
async function looking(api: Door, signal: AbortSignal, does: (detail: WorkDetail) => Promise<unknown>) {
  while (!signal.aborted) {
    const { work } = await api.listWork({}).catch(() => ({ work: [] }));
    for (const { id } of work) {
      const { detail } = await api.getWork({ id }).catch(() => ({ detail: undefined }));
      if (detail) await does(detail).catch(() => undefined);
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const words = { zh: "说明", en: "words" };
const refusal = (id: string) => ({
  id,
  decision: { $case: "refuse" as const, value: { reasons: [words] } },
  idempotencyKey: `${id}:decide`,
});
const emptyIn = ({ form, formSchema }: WorkDetail) =>
  formSchema.filter(({ name, required }) => required && !form[name]).map(({ name }) => name);

async function failsOf(
  does: "supplement" | "pause",
  system: (api: Door) => (detail: WorkDetail) => Promise<unknown>,
): Promise<(string | undefined)[]> {
  const play = { department: "health", seconds: 6, does: [does], procedures: ["inspection"] };
  const played = await playSystem(city.catalogue, play);
  const { api, close } = plainly(played.address);
  const stopping = new AbortController();
  const working = looking(api, stopping.signal, system(api));
  const lines = await played.judged;
  stopping.abort();
  await working;
  close();
  return (await judged({ judged: Promise.resolve(lines) })).failed;
}

const told = "what is missing is asked for once, and all of it at once";
const goesOn = "it goes on once the applicant has answered";
const again = "what is sent again has the same key and the same content";
const procedure = "a special procedure has its ground and its length, and is ended";

test("who decides what is not complete without a word to the applicant fails", async () => {
  const failed = await failsOf(
    "supplement",
    (api) =>
      ({ work }) =>
        api.decide(refusal(work!.id)),
  );
  expect(failed).toContain(told);
  expect(failed).not.toContain(goesOn);
});

test("who asks for one thing first and for another one later fails: the second notice is refused", async () => {
  const asked = new Map<string, number>();
  const failed = await failsOf("supplement", (api) => async (detail) => {
    const { id } = detail.work!;
    const lacking = emptyIn(detail);
    const nth = asked.get(id) ?? 0;
    if (lacking.length === 0 && nth !== 1) return api.decide(refusal(id));
    asked.set(id, nth + 1);
    const gap = { id: "", field: lacking[0] ?? "", requirement: "", what: words, remedy: words };
    return api.requestSupplement({ id, gaps: [gap], idempotencyKey: `${id}:supplement:${nth}` });
  });
  expect(failed).toEqual(expect.arrayContaining([told, again]));
});

test("who does not look again at what the applicant has answered fails", async () => {
  const failed = await failsOf("supplement", (api) => async (detail) => {
    const { id } = detail.work!;
    const gaps = emptyIn(detail).map((field) => ({
      ...{ id: "", field, requirement: "" },
      ...{ what: words, remedy: words },
    }));
    if (gaps.length > 0) return api.requestSupplement({ id, gaps, idempotencyKey: `${id}:supplement` });
    return detail.notices.length > 0 ? undefined : api.decide(refusal(id));
  });
  expect(failed).toEqual([goesOn]);
});

test("who stops the clock without end fails, and who never does though it was said", async () => {
  const failed = await failsOf("pause", (api) => async ({ work }) => {
    const { id, actions } = work!;
    if (actions.includes("accept")) await api.accept({ id, idempotencyKey: `${id}:accept` });
    const request = { id, procedure: "inspection", reason: words, days: 3, idempotencyKey: `${id}:pause` };
    await api.pause(request);
  });
  expect(failed).toContain(procedure);
  expect(
    await failsOf(
      "pause",
      (api) =>
        ({ work }) =>
          api.decide(refusal(work!.id)),
    ),
  ).toEqual([procedure]);
});

test("a procedure that the item does not have, or without a ground, is refused and told", async () => {
  let n = 0;
  const failed = await failsOf("pause", (api) => async ({ work }) => {
    const { id } = work!;
    await api.accept({ id, idempotencyKey: `${id}:accept` });
    n += 1;
    const wrong = n % 2 === 0 ? { procedure: "auction", reason: words } : { procedure: "inspection" };
    await api.pause({ id, days: 3, idempotencyKey: `${id}:pause`, ...wrong }).catch(() => undefined);
    await api.decide(refusal(id));
  });
  expect(failed).toEqual(
    expect.arrayContaining(["results fit the item, refusals and notices have reasons", procedure]),
  );
});

test("a profile that there is not, or that no item can play, is refused before anybody waits", async () => {
  const command = ["conform", "system", "--department", "health", "--port", "1"];
  expect(await refused([...command, "--does", "magic"])).toContain(
    "--does is of supplement, pause, not magic",
  );
  expect(await refused([...command, "--does", "pause"])).toContain("has a special procedure");
});
