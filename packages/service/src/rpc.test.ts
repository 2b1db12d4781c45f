import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AskRequest, AskResponse, RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import {
  conflict,
  exhausted,
  forbidden,
  invalid,
  notFound,
  OnethingError,
  unavailable,
} from "@onething/kernel/errors";
import { createChannel, createClient } from "nice-grpc";
import { Metadata, Status } from "nice-grpc-common";
import { HealthDefinition } from "nice-grpc-server-health";
import { ServerReflectionService } from "nice-grpc-server-reflection";
import { ServerReflectionRequest } from "nice-grpc-server-reflection/lib/proto/grpc/reflection/v1/reflection_pb.js";
import { afterEach, beforeAll, expect, test } from "vitest";
import { type ClientOptions, grpcClient } from "./client.ts";
import { createLog } from "./log.ts";
import { createMeters } from "./meters.ts";
import { currentRequestId, withRequestId } from "./request-id.ts";
import { type GrpcServer, type RpcContext, type RpcImplementation, rpc, startGrpcServer } from "./rpc.ts";
import { createIssuer, createVerifier, type Issuer } from "./tokens.ts";
import type { Authenticate, Caller } from "./types.ts";

// A stream made of the register's own messages: no contract of ours needs more than the shape to be proved here.
const WatchDefinition = {
  name: "Watch",
  fullName: "onething.test.v1.Watch",
  methods: {
    watch: {
      name: "Watch",
      requestType: AskRequest,
      requestStream: false,
      responseType: AskResponse,
      responseStream: true,
      options: {},
    },
  },
} as const;

type Ask = RpcImplementation<typeof RegisterServiceDefinition>["ask"];
type Watch = RpcImplementation<typeof WatchDefinition>["watch"];

const lines: string[] = [];
const log = createLog({ service: "test", level: "debug", to: { write: (line) => void lines.push(line) } });
const hospital: Caller = { sub: "hospital", role: "department", department: "hospital" };
const closers: Array<() => unknown> = [];
let issuer: Issuer;
let authenticate: Authenticate;

beforeAll(async () => {
  issuer = await createIssuer({ issuer: "https://test" });
  authenticate = createVerifier({ jwks: issuer.jwks(), issuer: "https://test" });
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  lines.length = 0;
});

interface Started {
  server: GrpcServer;
  meters: ReturnType<typeof createMeters>;
  token: () => Promise<string>;
  ask: (options?: Partial<ClientOptions>) => ReturnType<typeof grpcClient<typeof RegisterServiceDefinition>>;
}

async function start(
  ask: Ask,
  watch: Watch = async function* () {},
  address = "127.0.0.1:0",
): Promise<Started> {
  const meters = createMeters();
  const doors = [
    rpc(RegisterServiceDefinition, { ask }, { allow: ["department"] }),
    rpc(WatchDefinition, { watch }, { allow: { watch: ["department"] } }),
  ];
  const server = await startGrpcServer({ doors, deps: { authenticate, log, meters }, address });
  closers.push(() => server.stop(500));
  const token = () => issuer.sign(hospital, 60);
  return {
    server,
    meters,
    token,
    ask: (options = {}) => {
      const client = grpcClient(RegisterServiceDefinition, server.address, {
        token,
        deadlineMs: 5_000,
        ...options,
      });
      closers.push(() => client.close());
      return client;
    },
  };
}

const refusal = async (call: Promise<unknown>): Promise<OnethingError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OnethingError);
  return error as OnethingError;
};

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

test.each([
  invalid("number.invalid", "号码不对", "The number is not right", {
    fields: [{ field: "identityNumber", text: { zh: "校验位不对", en: "wrong check character" } }],
  }),
  notFound("a.b", "没有", "None"),
  conflict("a.b", "冲突", "Conflict"),
  forbidden("a.b", "不行", "No"),
  unavailable("a.b", "暂停", "Down"),
  exhausted("a.b", "太多", "Too many", { retryAfterMs: 1500 }),
])("a refusal ($code) comes out of the client as it went into the server", async (thrown) => {
  const { ask } = await start(async () => {
    throw thrown;
  });
  const error = await refusal(ask().ask({}));
  const { code, reason, public: text, fields, retryAfterMs } = thrown;
  expect(error).toMatchObject({ code, reason, public: text, fields, retryAfterMs });
});

test("what we did not expect leaves as INTERNAL without its words, which go to the log", async () => {
  const { ask, server, token } = await start(async () => {
    throw new Error("secret: table approval is broken");
  });
  expect(await refusal(ask().ask({}))).toMatchObject({ code: "unavailable", reason: "peer.failed" });
  const raw = createClient(RegisterServiceDefinition, createChannel(server.address));
  const metadata = Metadata({ authorization: `Bearer ${await token()}` });
  await expect(raw.ask({}, { metadata })).rejects.toMatchObject({
    code: Status.INTERNAL,
    details: "internal error",
  });
  expect(lines.some((line) => line.includes("secret: table approval"))).toBe(true);
});

test("a peer that answers too late or is not there is unavailable, and the one that waited is told so", async () => {
  const aborted = Promise.withResolvers<void>();
  const { ask } = await start(async (_request, { signal }) => {
    signal.addEventListener("abort", () => aborted.resolve());
    await aborted.promise;
    return {};
  });
  expect(await refusal(ask({ deadlineMs: 100 }).ask({}))).toMatchObject({
    code: "unavailable",
    reason: "peer.deadline",
  });
  await aborted.promise;
  const nobody = grpcClient(RegisterServiceDefinition, "127.0.0.1:1", { deadlineMs: 2_000 });
  closers.push(() => nobody.close());
  expect(await refusal(nobody.ask({}))).toMatchObject({ code: "unavailable", reason: "peer.unreachable" });
});

test("a message beyond 4 MB is refused, not read", async () => {
  const { ask } = await start(async () => ({ found: true }));
  const big = "x".repeat(3_900_000);
  expect((await ask().ask({ purpose: big })).found).toBe(true);
  expect(await refusal(ask().ask({ purpose: `${big}${big}` }))).toMatchObject({ code: "exhausted" });
});

test("the request id goes from door to door, and comes back in the header", async () => {
  const ids: Array<string | undefined> = [];
  const inner = await start(async (_request, { requestId }) => {
    ids.push(requestId, currentRequestId());
    return {};
  });
  const onward = inner.ask();
  const outer = await start(async () => {
    await Promise.resolve();
    return await onward.ask({});
  });
  let echoed: string | undefined;
  await withRequestId("request-0001", () =>
    outer.ask().ask(
      {},
      {
        onHeader: (header) => {
          echoed = header.get("x-request-id");
        },
      },
    ),
  );
  expect(ids).toEqual(["request-0001", "request-0001"]);
  expect(echoed).toBe("request-0001");
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
  expect(names).toEqual([RegisterServiceDefinition.fullName, WatchDefinition.fullName]);
  expect(answers[1]?.getFileDescriptorResponse()?.getFileDescriptorProtoList_asU8()).toHaveLength(1);
  expect(meters.read()).toEqual({});
});
