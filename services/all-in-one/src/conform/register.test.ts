// The conformance of registers, on the department simulator's: one in order passes, each fault fails on its own line.

import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { type Fault, type Simulator, startSimulator } from "@onething/department-simulator/service";
import { readCity } from "@onething/item-catalog/city";
import { evidence as evidenceOf } from "@onething/item-catalog/contract";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { createLog } from "@onething/service/log";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onething, refused } from "../commands/command.fixture.ts";
import { sampleCity } from "../config.ts";
import { linesOfRegister } from "./register.ts";
import { report } from "./report.ts";

const register = "maternity-hospital";
const evidence = "birth-record";
let simulator: Simulator;
let client: GrpcClient<typeof RegisterServiceDefinition>;
let city: Awaited<ReturnType<typeof readCity>>;
let person: string;
beforeAll(async () => {
  city = await readCity(sampleCity);
  const people = city.others.people as { key: string; identityNumber: string }[];
  person = people.find(({ key }) => key === "mother")!.identityNumber;
  simulator = await startSimulator({
    city: city.others,
    approvalAddress: "127.0.0.1:1",
    token: async () => "",
    log: createLog({ service: "test", level: "silent" }),
  });
  client = grpcClient(RegisterServiceDefinition, simulator.registers[register]!, { deadlineMs: 5_000 });
});
afterAll(async () => {
  client.close();
  await simulator.stop();
});

/** What the report says, and the English of the lines that fail. */
async function tried(fault?: Fault) {
  simulator.setFaults({ [register]: fault });
  const type = evidenceOf(city.catalogue, city.catalogue.evidence.find(({ code }) => code === evidence)!);
  const said: string[] = [];
  const passed = await report(linesOfRegister(client, { type, person, to: "", withinMs: 300 }), (line) =>
    said.push(line),
  );
  simulator.setFaults({ [register]: undefined });
  const failed = said.filter((line) => line.startsWith("✗")).map((line) => line.split(" · ").at(-1));
  return { passed, said, failed };
}

test("a register in order passes every line, in both languages", async () => {
  const { passed, said } = await tried();
  expect(said.filter((line) => !line.startsWith("✓"))).toEqual([
    "合格：13 项通过 13 项 · Conforms: 13 of 13 passed",
  ]);
  for (const line of said) expect(line).toMatch(/\p{Script=Han}.* · .*[a-z]/u);
  expect(passed).toBe(true);
  expect(said.join()).not.toContain(person);
});

test("one that is late fails for being late, and for nothing else", async () => {
  expect(await tried({ kind: "late", ms: 400 })).toMatchObject({
    passed: false,
    failed: ["answers within 300 ms"],
  });
});

test("one that answers about somebody else fails for that", async () => {
  const { passed, failed } = await tried({ kind: "wrongPerson" });
  expect(passed).toBe(false);
  expect(failed[0]).toBe("answers about the person asked about");
  expect(failed).not.toContain("fields are complete and fit the catalogue");
});

test("one that answers garbage fails for what does not fit and was not asked for, and its garbage is not printed", async () => {
  const { passed, failed, said } = await tried({ kind: "garbage" });
  expect(passed).toBe(false);
  expect(failed).toEqual(
    expect.arrayContaining([
      "fields are complete and fit the catalogue",
      "fields not asked for do not come",
      "an unknown person: found = false, without fields",
    ]),
  );
  expect(said.join("")).not.toMatch(/[\p{Cc}\uFFFD]/u);
});

test("one that is down fails at once, and the rest is not tried", async () => {
  const { passed, said } = await tried({ kind: "down" });
  expect(passed).toBe(false);
  expect(said[0]).toMatch(/^✗.*it is reached and answers$/);
  expect(said.filter((line) => line.startsWith("–"))).toHaveLength(12);
  expect(said.at(-1)).toContain("Does not conform: 0 of 13 passed");
});

test("the command prints the report, and its exit code says how it ended", { timeout: 60_000 }, async () => {
  const line = (of: string) => [
    ...["conform", "register", "--address", simulator.registers[register]!],
    ...["--person", person, "--evidence", of],
  ];
  const said = await onething(line(evidence));
  expect(said).toMatchObject({ code: 0, err: "" });
  expect(said.out).toMatch(/Conforms: 13 of 13 passed\n$/);
  simulator.setFaults({ [register]: { kind: "down" } });
  expect(await onething(line(evidence))).toMatchObject({ code: 1, err: "" });
  simulator.setFaults({ [register]: undefined });
  expect(await refused([...line(evidence), "--tls", "nowhere"])).toContain("nowhere");
  expect(await refused(line("nothing"))).toContain("there is no evidence nothing");
  expect(await refused(["conform", "register", "--address", "127.0.0.1:1"])).toContain(
    "--evidence is missing",
  );
});
