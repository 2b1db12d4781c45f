import { EventEmitter, on, once } from "node:events";
import type { DecideRequest } from "@onething/contracts/approval/v1/acts";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { Work, WorkDetail } from "@onething/contracts/approval/v1/work";
import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { conflict, unavailable } from "@onething/kernel/errors";
import { grpcClient } from "@onething/service/client";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { rpc, startGrpcServer } from "@onething/service/rpc";
import { afterEach, expect, test } from "vitest";
import { type SimulatorOptions, startSimulator } from "./service.ts";

const log = createLog({ service: "test", level: "silent" });
const closing: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The departments' door on a bad day: its stream breaks, answers get lost, and others decide in between. */
const startDoor = async (address = "127.0.0.1:0") => {
  const works = new Map<string, Work>();
  const decisions: DecideRequest[] = [];
  const events = new EventEmitter().setMaxListeners(100);
  const state = { loseAnswers: 0, looks: 0 };
  const put = (id: string, more: Partial<Work> = {}): void => {
    works.set(
      id,
      Work.fromPartial({ id, item: "X", department: { code: "d1" }, status: "accepted", ...more }),
    );
    events.emit("work", works.get(id));
  };
  const decide = async (request: DecideRequest) => {
    const work = works.get(request.id);
    const same = decisions.find((d) => d.idempotencyKey === request.idempotencyKey);
    if (work === undefined || (work.status !== "accepted" && same === undefined)) {
      throw conflict("approval.decided", "已有决定", "decided already");
    }
    if (same === undefined) decisions.push(request);
    else expect(request).toEqual(same);
    works.set(request.id, { ...work, status: request.decision?.$case === "refuse" ? "refused" : "granted" });
    if (state.loseAnswers-- > 0) throw unavailable("door.lost", "中断", "lost");
    events.emit("decided", request);
    return { work: works.get(request.id) };
  };
  const never = async () => {
    throw unavailable("door.unused", "未使用", "unused");
  };
  const door = rpc(
    ApprovalServiceDefinition,
    {
      async *watchWork(_, { caller, signal }) {
        const coming = on(events, "work", { signal: AbortSignal.any([signal, cut.signal]) });
        const mine = (work: Work) => work.department?.code === caller.department;
        for (const work of works.values()) if (mine(work)) yield { work, cursor: work.id };
        for await (const [work] of coming) if (mine(work)) yield { work, cursor: work.id };
      },
      async getWork({ id }) {
        state.looks++;
        return { detail: WorkDetail.fromPartial({ work: works.get(id), form: { a: id } }) };
      },
      decide,
      // A page for each piece of work.
      async listWork({ statuses, items, cursor }) {
        const found = [...works.values()].filter(
          ({ status, item }) => statuses.includes(status) && items.includes(item),
        );
        const at = Number(cursor || 0);
        return { work: found.slice(at, at + 1), nextCursor: at + 1 < found.length ? String(at + 1) : "" };
      },
      async deliver({ id }) {
        works.set(id, { ...works.get(id)!, status: "delivered" });
        events.emit("delivered", id);
        return { work: works.get(id) };
      },
      accept: never,
      correct: never,
      requestSupplement: never,
      decline: never,
      pause: never,
      resume: never,
      extend: never,
      refer: never,
      giveLegality: never,
      giveSecondLook: never,
      consult: never,
      listConsultations: never,
      answerConsultation: never,
      revoke: never,
      claim: never,
      release: never,
      decideMany: never,
    },
    { allow: ["department"] },
  );
  let cut = new AbortController();
  const authenticate = async (token: string | undefined) => ({
    sub: token ?? "",
    role: "department" as const,
    department: token,
  });
  const server = await startGrpcServer({
    doors: [door],
    deps: { log, meters: createMeters(), authenticate },
    address,
  });
  let stopped = false;
  const stop = async () => {
    if (!stopped) await server.stop(0);
    stopped = true;
  };
  closing.push(stop);
  const breakStreams = () => {
    cut.abort();
    cut = new AbortController();
  };
  return { address: server.address, works, decisions, events, state, put, breakStreams, stop };
};

const person = "430999199208150027";
const city = {
  people: [{ key: "anna", identityNumber: person }],
  registers: ["r1", "r2"].map((code) => ({
    code,
    department: "d1",
    evidence: ["proof"],
    records: [{ evidence: "proof", person: "@anna", fields: { from: code }, reference: "1" }],
  })),
  scripts: [
    { item: "X", department: "d1", delayMs: [0, 1], result: { a: "form.a" } },
    { item: "Y", department: "d2", delayMs: [0, 1] },
    {
      ...{ item: "onPaper", department: "d1", delayMs: [0, 1] },
      steps: [{ do: "decide" }, { do: "deliver", how: "window" }],
    },
    { item: "bad", department: "d1", delayMs: [0, 1], result: { a: "form.missing" } },
  ],
  items: "not read here",
};
const start = async (approvalAddress: string, more: Partial<SimulatorOptions> = {}) => {
  const token = async (department: string) => department;
  const simulator = await startSimulator({ city, approvalAddress, token, log, ...more });
  closing.push(simulator.stop);
  return simulator;
};
const decided = async (door: Awaited<ReturnType<typeof startDoor>>, count: number) => {
  while (door.decisions.length < count) await once(door.events, "decided");
};

test("every register is served on an address of its own, found, not found and faulty", async () => {
  const simulator = await start("127.0.0.1:1", { faults: { r2: { kind: "down", calls: 1 } } });
  const ask = async (register: string, identityNumber = person) => {
    const client = grpcClient(RegisterServiceDefinition, simulator.registers[register] ?? "", {
      deadlineMs: 5_000,
    });
    closing.push(() => client.close());
    return client.ask({ evidence: "proof", identityNumber, fields: ["from"], requestId: "q" });
  };
  expect(await ask("r1")).toMatchObject({ found: true, fields: { from: "r1" }, requestId: "q" });
  expect((await ask("r1", "430999199003070015")).found).toBe(false);
  await expect(ask("r2")).rejects.toMatchObject({ code: "unavailable" });
  expect((await ask("r2")).fields).toEqual({ from: "r2" });
  simulator.setFaults({ r1: { kind: "wrongPerson" } });
  expect((await ask("r1")).identityNumber).not.toBe(person);
});

test("a register that is told who may ask answers nobody else", async () => {
  const authenticate: SimulatorOptions["authenticate"] = async (token) => ({
    sub: "somebody",
    role: token === "verification" ? "service" : "citizen",
  });
  const { registers } = await start("127.0.0.1:1", { authenticate });
  const as = async (token: string) => {
    const client = grpcClient(RegisterServiceDefinition, registers.r1 ?? "", {
      deadlineMs: 5_000,
      token: async () => token,
    });
    closing.push(() => client.close());
    return client.ask({ evidence: "proof", identityNumber: person });
  };
  expect((await as("verification")).found).toBe(true);
  await expect(as("anybody")).rejects.toMatchObject({ code: "forbidden" });
});

test("open work and new work is decided once by its own department; claimed, decided and unknown work is let be", async () => {
  const door = await startDoor();
  door.put("w1");
  door.put("claimed", { claimedBy: "officer:li" });
  door.put("granted", { status: "granted" });
  door.put("unknown", { item: "no script" });
  door.put("rule fails", { item: "bad" });
  door.put("other", { item: "Y", department: { code: "d2", name: undefined, uscc: "" } });
  await start(door.address, { refuse: ["Y"] });
  await decided(door, 2);
  door.put("w2");
  await decided(door, 3);
  expect(door.decisions.map(({ id, decision }) => [id, decision?.$case]).sort()).toEqual([
    ["other", "refuse"],
    ["w1", "grant"],
    ["w2", "grant"],
  ]);
  expect(door.decisions.find(({ id }) => id === "w2")?.decision?.value).toMatchObject({
    result: { a: "w2" },
  });
});

test("a lost answer is asked for again with the same key and words; a broken stream misses nothing", async () => {
  const door = await startDoor();
  door.state.loseAnswers = 3;
  await start(door.address);
  for (let round = 0; round < 5; round++) {
    door.put(`w${round}`);
    await decided(door, round + 1);
    door.breakStreams();
    door.put(`during ${round}`, { item: "left" });
  }
  expect(new Set(door.decisions.map(({ id }) => id)).size).toBe(5);
  expect(door.decisions).toHaveLength(5);
});

test("what was granted before the simulator was stopped is handed over by the next one", async () => {
  const door = await startDoor();
  const granted = { item: "onPaper", status: "granted", decidedAt: "2026-11-24T02:00:00.000Z" };
  for (const id of ["w1", "w2"]) door.put(id, granted);
  door.put("electronic", { ...granted, item: "X" });
  await start(door.address);
  const delivered = () => [...door.works.values()].filter(({ status }) => status === "delivered");
  while (delivered().length < 2) await once(door.events, "delivered");
  expect(delivered().map(({ id }) => id)).toEqual(["w1", "w2"]);
});

test("the platform may go away and come back", async () => {
  const before = await startDoor();
  await start(before.address);
  before.put("w1");
  await decided(before, 1);
  await before.stop();
  const after = await startDoor(before.address);
  after.put("w2");
  await decided(after, 1);
  expect(after.decisions.map(({ id }) => id)).toEqual(["w2"]);
});

test("items may be left for a person, and refused while it runs", async () => {
  const door = await startDoor();
  const simulator = await start(door.address, { leave: ["X"] });
  simulator.refuse("Y", [{ zh: "不行", en: "no" }]);
  door.put("mine");
  door.put("theirs", { item: "Y", department: { code: "d2", name: undefined, uscc: "" } });
  await decided(door, 1);
  expect(door.decisions[0]?.decision?.value).toMatchObject({ reasons: [{ en: "no" }] });
  expect(door.works.get("mine")?.status).toBe("accepted");
});

test("bad data stops the start with the place of the fault", async () => {
  await expect(start("127.0.0.1:1", { city: { scripts: [{ item: "X" }] } })).rejects.toThrow(
    "scripts.0.department",
  );
  await expect(start("127.0.0.1:1", { refuse: ["nothing"] })).rejects.toThrow("no script for item nothing");
});
