// The conformance of departments' systems: the simulator's officers pass it, and a careless system fails on the lines it owes.
import { once } from "node:events";
import type { Work } from "@onething/contracts/approval/v1/work";
import { startSimulator } from "@onething/department-simulator/service";
import { type ReadCity, readCity } from "@onething/item-catalog/city";
import { newId } from "@onething/kernel/ids";
import { createLog } from "@onething/service/log";
import { beforeAll, expect, test } from "vitest";
import { refused, start } from "../commands/command.fixture.ts";
import { sampleCity } from "../config.ts";
import { linesOfSystem } from "./judge.ts";
import { createOurSide } from "./our-side.ts";
import { type Door, judged, plainly, playSystem } from "./system.fixture.ts";

const log = createLog({ service: "test", level: "silent" });
let city: ReadCity;
beforeAll(async () => {
  city = await readCity(sampleCity);
});

const play = (department: string, seconds: number) => playSystem(city.catalogue, { department, seconds });

const officers = (department: string, approvalAddress: string) =>
  startSimulator({
    city: { people: city.others.people, scripts: scriptsOf(department) },
    approvalAddress,
    token: async () => "",
    delayMs: [0, 20],
    log,
  });

test.each(["maternity-hospital", "health"])(
  "the simulator's officers of %s pass every line",
  async (department) => {
    const played = await play(department, 20);
    const simulator = await officers(department, played.address);
    const { passed, said } = await judged(played);
    await simulator.stop();
    expect(said.filter((line) => !line.startsWith("✓"))).toEqual([
      "合格：12 项通过 12 项 · Conforms: 12 of 12 passed",
    ]);
    expect(passed).toBe(true);
  },
);

const scriptsOf = (department: string) =>
  (city.others.scripts as { department: string }[]).filter((script) => script.department === department);

/** Never comes back, decides whatever it is sent at once and with a new key each time, and tries again without a pause. */
async function careless(api: Door, follow: boolean): Promise<void> {
  const decide = async ({ id }: Work, tries = 0): Promise<void> => {
    const decision = { $case: "grant" as const, value: { result: { made: "up" }, opinion: "" } };
    await api.decide({ id, decision, idempotencyKey: newId() }).catch(() => {
      if (tries < 15) return decide({ id } as Work, tries + 1);
    });
  };
  do {
    const under: Promise<void>[] = [];
    try {
      for await (const { work } of api.watchWork({ after: "", items: [] }))
        if (work) under.push(decide(work));
    } catch {
      await Promise.all(under);
    }
  } while (follow);
}

test("a system that does not come back, decides again what it is sent again and sends what does not fit fails on those lines", async () => {
  const played = await play("maternity-hospital", 4);
  const { api, close } = plainly(played.address);
  await careless(api, false);
  const { passed, failed, said } = await judged(played);
  close();
  expect(passed).toBe(false);
  expect(failed).toEqual(
    expect.arrayContaining([
      "it comes back after each cut of the stream",
      "nothing that came during the cut is lost",
      "every other piece is decided",
      "each piece is decided once, though it was sent twice",
      "results fit the item, refusals and notices have reasons",
      "it pauses before it tries again",
    ]),
  );
  expect(said.join("\n")).toContain("result.made");
});

/** Decides well, but with another key whenever it sends again, and goes on about what was withdrawn. */
async function forgetful(api: Door, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const { work } of api.watchWork({ after: "not ours", items: [] }, { signal }))
        if (work) break;
    } catch {}
    const { work } = await api.listWork({}).catch(() => ({ work: [] as Work[] }));
    for (const { id } of work)
      for (let attempt = 0; attempt < 3; attempt++) {
        const decision = { $case: "refuse" as const, value: { reasons: [{ zh: "不符", en: "no" }] } };
        const done = await api.decide({ id, decision, idempotencyKey: newId() }).then(
          () => true,
          () => false,
        );
        if (done) break;
      }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test("a system with new keys for repeats, a cursor of its own and no ear for a withdrawal fails on those lines alone", async () => {
  const played = await play("health", 15);
  const { api, close } = plainly(played.address);
  const stopping = new AbortController();
  const working = forgetful(api, stopping.signal);
  const lines = await played.judged;
  stopping.abort();
  await working;
  close();
  const { failed } = await judged({ ...played, judged: Promise.resolve(lines) });
  expect(failed).toEqual([
    "it goes on from a cursor of ours, or from the start",
    "what is sent again has the same key and the same content",
    "what was withdrawn is let go",
  ]);
});

test("where nobody comes, that is said and nothing else is tried", async () => {
  const { said } = await judged(await play("health", 1));
  expect(said[0]).toMatch(/^✗.*it connects as its department, and asks for work$/);
  expect(said.filter((line) => line.startsWith("–"))).toHaveLength(11);
});

test("whoever comes with another department's certificate is told so before anything else", () => {
  const seen = { beginnings: [1], cuts: 0, badCursors: 0 };
  const [connects] = linesOfSystem(createOurSide(), { ...seen, strangers: new Set(["finance"]) }, []);
  expect(connects!.look()).toEqual({ zh: "证书是 finance 的", en: "the certificate is finance's" });
  const [own] = linesOfSystem(createOurSide(), { ...seen, strangers: new Set() }, []);
  expect(own!.look()).toBeUndefined();
});

test("the command waits for the system, prints the report, and its exit code says how it ended", {
  timeout: 90_000,
}, async () => {
  const command = start(["conform", "system", "--department", "health", "--port", "0", "--seconds", "40"]);
  const [waiting] = await once(command.child.stderr!, "data");
  const address = /127\.0\.0\.1:\d+/.exec(String(waiting))![0];
  const simulator = await officers("health", address);
  const said = await command.said;
  await simulator.stop();
  expect(said.out).toMatch(/Conforms: 12 of 12 passed\n$/);
  expect(said.code).toBe(0);
  expect(await refused(["conform", "system", "--department", "nobody", "--port", "1"])).toContain(
    "there are no items of nobody",
  );
});
