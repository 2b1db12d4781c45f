// What a client repeats by itself: what the contract calls harmless to repeat, and nothing else.
import { IdentifyResponse, LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { AskResponse, RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { unavailable } from "@onething/kernel/errors";
import { expect, test } from "vitest";
import { grpcClient } from "./client.ts";
import { createMeters } from "./meters.ts";
import { closers, hospital, log, refusal } from "./rpc.fixture.ts";
import { rpc, startGrpcServer } from "./rpc.ts";

/** A server that is away for the first calls. */
async function flaky(failures: number) {
  let calls = 0;
  const answer = <A>(good: A) => {
    if (++calls <= failures) throw unavailable("test.away", "暂停", "Away");
    return good;
  };
  const refuse = () => Promise.reject(new Error("not asked here"));
  const door = rpc(
    LicenceServiceDefinition,
    {
      identify: async () => answer(IdentifyResponse.create({ personId: "p" })),
      ...{
        getHolders: refuse,
        match: refuse,
        get: refuse,
        issue: refuse,
        cancel: refuse,
        listAccess: refuse,
      },
    },
    { allow: ["department"] },
  );
  const register = rpc(
    RegisterServiceDefinition,
    { ask: async () => answer(AskResponse.create()) },
    { allow: ["department"] },
  );
  const deps = { authenticate: async () => hospital, log, meters: createMeters() };
  const server = await startGrpcServer({ doors: [door, register], deps, address: "127.0.0.1:0" });
  closers.push(() => server.stop(500));
  const to = { deadlineMs: 10_000 };
  const licences = grpcClient(LicenceServiceDefinition, server.address, to);
  const registers = grpcClient(RegisterServiceDefinition, server.address, to);
  closers.push(
    () => licences.close(),
    () => registers.close(),
  );
  return { licences, registers, calls: () => calls };
}

test("a call that may be repeated is, until its peer is back", async () => {
  const { licences, calls } = await flaky(2);
  expect(await licences.identify({})).toEqual({ personId: "p" });
  expect(calls()).toBe(3);
});

test("one that may not is tried once, and the caller is told", async () => {
  const { registers, calls } = await flaky(1);
  expect(await refusal(registers.ask({}))).toMatchObject({ code: "unavailable" });
  expect(calls()).toBe(1);
});
