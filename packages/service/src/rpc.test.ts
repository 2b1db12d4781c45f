import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { notFound } from "@onething/kernel/errors";
import { createChannel, createClient } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { ServerReflectionService } from "nice-grpc-server-reflection";
import { ServerReflectionRequest } from "nice-grpc-server-reflection/lib/proto/grpc/reflection/v1/reflection_pb.js";
import { expect, test } from "vitest";
import { grpcClient } from "./client.ts";
import { createMeters } from "./meters.ts";
import { closers, hospital, issuer, refusal, start, TellDefinition, WatchDefinition } from "./rpc.fixture.ts";
import type { RpcContext } from "./rpc.ts";
import { createIssuer } from "./tokens.ts";

test("a call carries its token to the handler as a caller, and both sides count it", async () => {
  let seen: RpcContext | undefined;
  const { ask, meters } = await start(async (request, context) => {
    seen = context;
    return { requestId: request.requestId, found: true };
  });
  const mine = createMeters();
  const answer = await ask({ meters: mine, meter: "registerCalls" }).ask({ requestId: "r1" });
  expect(answer).toMatchObject({ requestId: "r1", found: true });
  expect(seen?.caller).toEqual(hospital);
  expect(meters.read()).toEqual({ grpcCalls: 1 });
  expect(mine.read()).toEqual({ registerCalls: 1 });
});

test("a unix socket is an address like any other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rpc-"));
  closers.push(() => rm(folder, { recursive: true }));
  const { ask } = await start(async () => ({ found: true }), undefined, `unix:${folder}/s`);
  expect((await ask().ask({})).found).toBe(true);
});

test("without a token, with a foreign one, or in another role nobody gets in", async () => {
  let calls = 0;
  const { ask } = await start(async () => {
    calls += 1;
    return {};
  });
  expect(await refusal(ask({ token: undefined }).ask({}))).toMatchObject({
    code: "unauthenticated",
    reason: "token.missing",
  });
  const stranger = await createIssuer({ issuer: "https://test" });
  const foreign = () => stranger.sign(hospital, 60);
  expect(await refusal(ask({ token: foreign }).ask({}))).toMatchObject({
    code: "unauthenticated",
    reason: "token.invalid",
  });
  const citizen = () => issuer.sign({ sub: "c", role: "citizen" }, 60);
  expect(await refusal(ask({ token: citizen }).ask({}))).toMatchObject({
    code: "forbidden",
    reason: "role.not_allowed",
  });
  expect(calls).toBe(0);
});

test("a message beyond 4 MB is refused, not read", async () => {
  const { ask } = await start(async () => ({ found: true }));
  const big = "x".repeat(3_900_000);
  expect((await ask().ask({ purpose: big })).found).toBe(true);
  expect(await refusal(ask().ask({ purpose: `${big}${big}` }))).toMatchObject({ code: "exhausted" });
});

test("a stream yields, ends its handler when the reader leaves, and refuses with words", async () => {
  const ended = Promise.withResolvers<void>();
  const { server, token } = await start(
    async () => ({}),
    async function* (request) {
      if (request.evidence === "none") throw notFound("evidence.unknown", "没有这种证据", "No such evidence");
      try {
        for (let i = 0; ; i += 1) yield { requestId: String(i) };
      } finally {
        ended.resolve();
      }
    },
  );
  const client = grpcClient(WatchDefinition, server.address, { token, deadlineMs: 100 });
  closers.push(() => client.close());
  const seen: string[] = [];
  for await (const { requestId } of client.watch({})) {
    seen.push(requestId);
    if (seen.length === 3) break;
  }
  await ended.promise;
  expect(seen).toEqual(["0", "1", "2"]);
  const refused = (async () => {
    for await (const _ of client.watch({ evidence: "none" }));
  })();
  expect(await refusal(refused)).toMatchObject({ code: "not_found", reason: "evidence.unknown" });
});

test("a stop lets running calls finish, ends streams with a word, and cuts off what hangs beyond the bound", async () => {
  const entered = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { server, ask, token } = await start(
    async ({ purpose }) => {
      entered.resolve();
      await (purpose === "hang" ? new Promise(() => {}) : release.promise);
      return { found: true };
    },
    async function* (_request, { signal }) {
      yield { requestId: "first" };
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  );
  const watcher = grpcClient(WatchDefinition, server.address, { token, deadlineMs: 100 });
  closers.push(() => watcher.close());
  const stream = watcher.watch({})[Symbol.asyncIterator]();
  expect((await stream.next()).value).toMatchObject({ requestId: "first" });
  const running = ask().ask({});
  const hanging = refusal(ask().ask({ purpose: "hang" }));
  await entered.promise;
  const stopped = server.stop(300);
  expect(await refusal(stream.next())).toMatchObject({ code: "unavailable", reason: "server.stopping" });
  release.resolve();
  expect((await running).found).toBe(true);
  await stopped;
  expect((await hanging).code).toBe("unavailable");
});

test("health and reflection answer without a token", async () => {
  const { server, meters } = await start(async () => ({}));
  const channel = createChannel(server.address);
  closers.push(() => channel.close());
  const health = createClient(HealthDefinition, channel);
  expect(await health.check({ service: RegisterServiceDefinition.fullName })).toMatchObject({ status: 1 });
  const reflection = createClient(ServerReflectionService, channel);
  async function* questions() {
    yield new ServerReflectionRequest().setListServices("*");
    yield new ServerReflectionRequest().setFileContainingSymbol("onething.register.v1.RegisterService");
  }
  const answers = [];
  for await (const answer of reflection.serverReflectionInfo(questions())) answers.push(answer);
  const names = answers[0]
    ?.getListServicesResponse()
    ?.getServiceList()
    .map((service) => service.getName());
  expect(names).toEqual([
    RegisterServiceDefinition.fullName,
    WatchDefinition.fullName,
    TellDefinition.fullName,
  ]);
  expect(answers[1]?.getFileDescriptorResponse()?.getFileDescriptorProtoList_asU8()).toHaveLength(1);
  expect(meters.read()).toEqual({});
});
