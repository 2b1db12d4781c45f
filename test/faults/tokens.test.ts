// Tokens that are missing, expired, forged or bent: every door refuses them in words; what needs no token answers without.
import {
  ApprovalServiceDefinition,
  GetWorkRequest,
  ListWorkRequest,
} from "@onething/contracts/approval/v1/approval";
import { CatalogServiceDefinition, ListBundlesRequest } from "@onething/contracts/catalog/v1/catalog";
import { createIssuer, createVerifier, type Issuer } from "@onething/service/tokens";
import type { Caller } from "@onething/service/types";
import { type ClientError, createChannel, createClient, Metadata, Status } from "nice-grpc";
import { HealthDefinition } from "nice-grpc-server-health";
import { ServerReflectionService } from "nice-grpc-server-reflection";
import { ServerReflectionRequest } from "nice-grpc-server-reflection/lib/proto/grpc/reflection/v1/reflection_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CityInOne, startInOne } from "../harness.ts";
import { readable } from "./filing.ts";

const mother: Caller = { sub: "mother", role: "citizen", personId: "p" };
const hospital: Caller = { sub: "system", role: "department", department: "maternity-hospital" };

let city: CityInOne;
let forger: Issuer;
let otherHouse: Issuer;
let channel: ReturnType<typeof createChannel>;
beforeAll(async () => {
  city = await startInOne();
  // As good as ours in everything but the key; and one whose tokens are for another house.
  forger = await createIssuer({ issuer: "onething-sample-issuer" });
  otherHouse = await createIssuer({ issuer: "elsewhere" });
  channel = createChannel(city.platform.grpcAddress);
});
afterAll(async () => {
  channel.close();
  await city.close();
});

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** Ours, with other claims under the same signature. */
const bent = async (caller: Caller) => {
  const [head, , signature] = (await city.platform.issuer.sign(caller, 600)).split(".");
  const at = Math.floor(Date.now() / 1000);
  const claims = {
    sub: "operator",
    role: "operator",
    iss: "onething-sample-issuer",
    aud: "onething",
    exp: at + 600,
  };
  return `${head}.${part(claims)}.${signature}`;
};
const unsigned = (caller: Caller) => {
  const at = Math.floor(Date.now() / 1000);
  const claims = { ...caller, iss: "onething-sample-issuer", aud: "onething", iat: at, exp: at + 600 };
  return `${part({ alg: "none", typ: "JWT" })}.${part(claims)}.`;
};

const missing = ["token.missing", /请先登录/, /sign in/] as const;
const invalid = ["token.invalid", /请重新登录/, /sign in again/] as const;
const expired = ["token.expired", /已过期，请重新登录/, /expired; please sign in again/] as const;
const badTokens: [string, (caller: Caller) => Promise<string> | string, readonly [string, RegExp, RegExp]][] =
  [
    ["none", () => "", missing],
    ["in another scheme", () => "Basic bW90aGVyOm9uZXRoaW5n", missing],
    ["that is no token", () => "Bearer mother", invalid],
    ["expired", async (by) => `Bearer ${await city.platform.issuer.sign(by, -5)}`, expired],
    ["signed by a forger's key", async (by) => `Bearer ${await forger.sign(by, 600)}`, invalid],
    ["of another issuer", async (by) => `Bearer ${await otherHouse.sign(by, 600)}`, invalid],
    ["with bent claims", async (by) => `Bearer ${await bent(by)}`, invalid],
    ["without a signature", (by) => `Bearer ${unsigned(by)}`, invalid],
    [
      "of a role that does not exist",
      async (by) => `Bearer ${await city.platform.issuer.sign({ ...by, role: "mayor" as "operator" }, 600)}`,
      invalid,
    ],
  ];

describe.each(badTokens)("a token %s", (_, sign, [reason, zh, en]) => {
  test("is refused at the HTTP door", async () => {
    for (const path of ["/api/v1/cases", "/api/v1/bundles", "/api/v1/operations/meters"]) {
      const authorization = await sign(mother);
      const response = await fetch(`${city.platform.url}${path}`, {
        headers: authorization ? { authorization } : {},
      });
      const problem = (await response.json()) as { reason: string; zh: string; en: string };
      expect([response.status, problem.reason]).toEqual([401, reason]);
      expect(response.headers.get("www-authenticate")).toBe("Bearer");
      readable(problem, zh, en);
    }
  });

  test("is refused at the gRPC door", async () => {
    const authorization = await sign(hospital);
    const metadata = authorization ? Metadata({ authorization }) : Metadata();
    const approvals = createClient(ApprovalServiceDefinition, channel);
    const catalog = createClient(CatalogServiceDefinition, channel);
    for (const call of [
      () => approvals.listWork(ListWorkRequest.create(), { metadata }),
      () => approvals.getWork(GetWorkRequest.create({ id: "x" }), { metadata }),
      () => catalog.listBundles(ListBundlesRequest.create(), { metadata }),
    ]) {
      const error = (await call().catch((thrown: unknown) => thrown)) as ClientError;
      expect(error.code).toBe(Status.UNAUTHENTICATED);
      expect(error.details).toMatch(en);
    }
  });
});

test("a token is good to its last moment and not after, also where it was seen before", async () => {
  let now = new Date("2026-11-24T06:00:00.000Z");
  const clock = () => now;
  const issuer = await createIssuer({ issuer: "clock", now: clock });
  const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: "clock", now: clock });
  const token = await issuer.sign(mother, 60);
  expect(await authenticate(token)).toEqual(mother);
  now = new Date("2026-11-24T06:01:01.000Z");
  await expect(authenticate(token)).rejects.toMatchObject({ reason: "token.expired" });
});

test("signing in with a wrong name or password is refused in the same words, and no token comes", async () => {
  const told = [];
  for (const [username, password] of [
    ["mother", "wrong"],
    ["nobody", "onething"],
    ["mother", ""],
    ["mother", `onething${" ".repeat(5)}`],
  ]) {
    const response = await fetch(`${city.platform.url}/api/v1/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    const problem = (await response.json()) as { reason: string; zh: string; en: string };
    expect([response.status, problem.reason]).toEqual([401, "session.refused"]);
    readable(problem, /核对后重试/, /check and try again/);
    told.push({ ...problem, requestId: "" });
  }
  expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
});

test("health and reflection answer without a token, for exactly the services of the contracts that the platform serves", async () => {
  const health = createClient(HealthDefinition, channel);
  expect(await health.check({ service: "" })).toMatchObject({ status: 1 });
  expect(await health.check({ service: ApprovalServiceDefinition.fullName })).toMatchObject({ status: 1 });
  const reflection = createClient(ServerReflectionService, channel);
  async function* questions() {
    yield new ServerReflectionRequest().setListServices("*");
    yield new ServerReflectionRequest().setFileContainingSymbol(ApprovalServiceDefinition.fullName);
  }
  const answers = [];
  for await (const answer of reflection.serverReflectionInfo(questions())) answers.push(answer);
  const list = answers[0]?.getListServicesResponse()?.getServiceList() ?? [];
  expect(list.map((service) => service.getName()).sort()).toEqual([
    "onething.approval.v1.ApprovalService",
    "onething.approval.v1.AttachmentService",
    "onething.catalog.v1.CatalogService",
    "onething.licence.v1.LicenceService",
    "onething.operations.v1.OperationsService",
    "onething.verification.v1.VerificationService",
    "onething.window.v1.WindowService",
  ]);
  expect(answers[1]?.getFileDescriptorResponse()?.getFileDescriptorProtoList_asU8().length).toBeGreaterThan(
    0,
  );
});

test("documents, liveness and the keys that tokens are checked with need no token", async () => {
  for (const path of ["/docs", "/openapi.json", "/livez", "/readyz", "/.well-known/jwks.json"])
    expect([path, (await fetch(`${city.platform.url}${path}`)).status]).toEqual([path, 200]);
  const keys = await (await fetch(`${city.platform.url}/.well-known/jwks.json`)).text();
  expect(JSON.parse(keys).keys[0]).not.toHaveProperty("d");
});
