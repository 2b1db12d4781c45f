// The peers of the gRPC tests: a real server with a register's door and a stream, and clients of it.
import { AskRequest, AskResponse, RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { OnethingError } from "@onething/kernel/errors";
import { afterEach, expect } from "vitest";
import { type ClientOptions, grpcClient } from "./client.ts";
import type { Limiter } from "./fleeting/limits.ts";
import { createLog } from "./log.ts";
import { createMeters } from "./meters.ts";
import { type RpcImplementation, rpc, startGrpcServer } from "./rpc.ts";
import type { Patience } from "./rpc-patience.ts";
import { createIssuer, createVerifier } from "./tokens.ts";
import type { Caller } from "./types.ts";

// A stream made of the register's own messages: no contract of ours needs more than the shape to be proved here.
export const WatchDefinition = {
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

/** And one that sends a stream. */
export const TellDefinition = {
  name: "Tell",
  fullName: "onething.test.v1.Tell",
  methods: {
    tell: {
      name: "Tell",
      requestType: AskRequest,
      requestStream: true,
      responseType: AskResponse,
      responseStream: false,
      options: {},
    },
  },
} as const;

type Ask = RpcImplementation<typeof RegisterServiceDefinition>["ask"];
type Watch = RpcImplementation<typeof WatchDefinition>["watch"];

export const lines: string[] = [];
export const log = createLog({
  service: "test",
  level: "debug",
  to: { write: (line) => void lines.push(line) },
});
export const hospital: Caller = { sub: "hospital", role: "department", department: "hospital" };
export const closers: Array<() => unknown> = [];
export const issuer = await createIssuer({ issuer: "https://test" });
const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: "https://test" });

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  lines.length = 0;
});

/** How many messages there were. */
async function count(messages: AsyncIterable<AskRequest>) {
  let n = 0;
  for await (const _ of messages) n++;
  return { found: true, reference: String(n) };
}

/** A server that answers as it is told, with clients that close after the test. */
export async function start(
  ask: Ask,
  watch: Watch = async function* () {},
  address = "127.0.0.1:0",
  limiter?: Pick<Limiter, "caller">,
  patience?: Patience,
) {
  const meters = createMeters();
  const doors = [
    rpc(RegisterServiceDefinition, { ask }, { allow: ["department", "service"] }),
    rpc(WatchDefinition, { watch }, { allow: { watch: ["department"] } }),
    rpc(TellDefinition, { tell: count }, { allow: ["department"] }),
  ];
  const server = await startGrpcServer({
    doors,
    deps: { authenticate, log, meters },
    address,
    limiter,
    patience,
  });
  closers.push(() => server.stop(500));
  const token = () => issuer.sign(hospital, 60);
  return {
    server,
    meters,
    token,
    ask: (options: Partial<ClientOptions> = {}) => {
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

/** The OnethingError that a call must end with. */
export const refusal = async (call: Promise<unknown>): Promise<OnethingError> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(OnethingError);
  return error as OnethingError;
};
