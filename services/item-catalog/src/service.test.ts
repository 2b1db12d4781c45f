import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { testDatabase } from "@onething/postgres/testing";
import { keyringMigrations, openKeyring } from "@onething/sealing/keyring";
import { grpcClient } from "@onething/service/client";
import { createHttpServer } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createIssuer, createVerifier } from "@onething/service/tokens";
import { type Role, roles } from "@onething/service/types";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Catalogue } from "./domain/catalogue.ts";
import { bundleKind } from "./kind.ts";
import { sampleCity } from "./sample-city.fixture.ts";
import { createService, migrations, schema } from "./service.ts";
import { small, smallCity } from "./small-city.fixture.ts";

type Problem = { reason: string; fields?: { field: string }[] };

async function open() {
  const database = await testDatabase([
    { schema, directories: migrations },
    { schema: "keyring", directories: [keyringMigrations] },
  ]);
  const folder = await mkdtemp(join(tmpdir(), "onething-catalogue-"));
  const keyring = await openKeyring({
    db: database.dbs.keyring!,
    masterKeyFile: join(folder, "master.json"),
  });
  const issuer = await createIssuer({ issuer: "test" });
  const deps = {
    db: database.db,
    keyring,
    log: createLog({ service: "test", level: "silent" }),
    meters: createMeters(),
    now: () => new Date(),
    authenticate: createVerifier({ jwks: issuer.jwks(), issuer: "test" }),
    token: async () => "",
  };
  const token = (role: Role) => issuer.sign({ sub: "someone", role }, 600);
  /** Starts the service with this catalogue, on the same database each time. */
  const start = async (city: Catalogue) => {
    const service = createService({ ...deps, city });
    await service.start!();
    const { grpc, clientOf, http } = await doors(service);
    const call = async <T>(path: string, role: Role = "citizen", answers?: object) => {
      const response = await fetch(`${http.url}/api/v1/bundles${path}`, {
        headers: {
          authorization: `Bearer ${await token(role)}`,
          "idempotency-key": "key-of-a-plan",
          "content-type": "application/json",
        },
        ...(answers && { method: "POST", body: JSON.stringify({ answers }) }),
      });
      return { status: response.status, body: (await response.json()) as T };
    };
    const stop = async () => {
      await Promise.all([grpc.stop(), http.stop()]);
      await service.stop();
    };
    return { service, clientOf, url: http.url, call, stop };
  };
  const doors = async (service: ReturnType<typeof createService>) => {
    const grpc = await startGrpcServer({ doors: service.rpc, deps, address: "127.0.0.1:0" });
    const http = await createHttpServer({
      apps: [service.routes!],
      port: 0,
      host: "127.0.0.1",
      title: "test",
      ...deps,
    });
    const clientOf = (role: Role) =>
      grpcClient(CatalogServiceDefinition, grpc.address, { token: () => token(role), deadlineMs: 10_000 });
    return { grpc, http, clientOf };
  };
  const close = async () => {
    await keyring.close();
    await database.close();
    await rm(folder, { recursive: true });
  };
  return { ...deps, start, doors, close };
}

let bench: Awaited<ReturnType<typeof open>>;
beforeAll(async () => {
  bench = await open();
});
afterAll(() => bench.close());

const answers = { high: "true" };

describe("at the doors", () => {
  let running: Awaited<ReturnType<typeof bench.start>>;
  beforeAll(async () => {
    running = await bench.start(sampleCity);
  });
  afterAll(() => running.stop());

  test.each(roles)("a signed-in %s reads guides and plans, over gRPC", async (role) => {
    const client = running.clientOf(role);
    const { bundles } = await client.listBundles({});
    expect(bundles.map(({ code, version }) => [code, version])).toEqual([
      ["after-death", 1],
      ["birth", 1],
      ["restaurant", 1],
    ]);
    const guide = await client.getBundle({ code: "birth" });
    expect(guide.guide?.before?.materials).toBe(22);
    expect(guide.materials).toHaveLength(14);
    expect(guide.items).toHaveLength(9);
    client.close();
  });

  test("the plan is the same at both doors", async () => {
    const given = {
      bornWithin: "sixMonths",
      registerWith: "father",
      sameEthnicity: "true",
      motherInsured: "true",
    };
    const client = running.clientOf("service");
    const { plan } = await client.plan({ bundle: "birth", answers: given });
    client.close();
    const { status, body } = await running.call("/birth/plan", "citizen", given);
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(JSON.stringify(plan)));
    expect(plan?.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("wrong answers are refused with one problem each, at both doors", async () => {
    const { status, body } = await running.call<Problem>("/birth/plan", "clerk", { registerWith: "aunt" });
    expect([status, body.reason]).toEqual([400, "catalog.wrong_answers"]);
    expect(body.fields?.map(({ field }) => field)).toContain("answers.registerWith");
    const client = running.clientOf("clerk");
    await expect(client.plan({ bundle: "birth", answers: { colour: "red" } })).rejects.toMatchObject({
      code: "invalid",
      fields: expect.arrayContaining([expect.objectContaining({ field: "answers.colour" })]),
    });
    client.close();
  });

  test("an unknown bundle and an unknown version are not found", async () => {
    expect(await running.call("/wedding")).toMatchObject({
      status: 404,
      body: { reason: "catalog.unknown_bundle" },
    });
    expect(await running.call("/birth?version=9")).toMatchObject({
      status: 404,
      body: { reason: "catalog.unknown_version" },
    });
    expect(await running.call("/birth?version=x")).toMatchObject({ status: 400 });
  });

  test("without a token nothing is answered", async () => {
    for (const path of ["", "/birth"])
      expect((await fetch(`${running.url}/api/v1/bundles${path}`)).status).toBe(401);
  });
});

test("before the catalogue is published a caller is told to come again", async () => {
  const service = createService({ ...bench, city: sampleCity });
  const { grpc, http, clientOf } = await bench.doors(service);
  const client = clientOf("citizen");
  await expect(client.listBundles({})).rejects.toMatchObject({
    code: "unavailable",
    reason: "catalog.not_ready",
  });
  client.close();
  await Promise.all([grpc.stop(), http.stop()]);
});

describe("versions", () => {
  const changed = smallCity.replace("{ n: 1, unit: day }", "{ n: 3, unit: day }");
  const versionsOf = async (running: Awaited<ReturnType<typeof bench.start>>) =>
    (await running.service.journal.history(bundleKind, "small")).map(
      (event) => (event.data as { version: number }).version,
    );

  test("the same content is published once, by however many starts", async () => {
    const all = await Promise.all([1, 2, 3].map(() => bench.start(small().catalogue)));
    expect(await versionsOf(all[0]!)).toEqual([1]);
    for (const running of all) await running.stop();
  });

  test("changed content is a new version; the old one is planned from as before", async () => {
    const first = await bench.start(small().catalogue);
    const before = await first.clientOf("service").plan({ bundle: "small", answers });
    await first.stop();
    const second = await bench.start(small(changed).catalogue);
    expect(await versionsOf(second)).toEqual([1, 2]);
    const client = second.clientOf("service");
    expect(await client.plan({ bundle: "small", version: 1, answers })).toEqual(before);
    const { plan } = await client.plan({ bundle: "small", answers });
    expect([plan!.version, plan!.items[2]!.promised!.n]).toEqual([2, 3]);
    expect(plan!.digest).not.toBe(before.plan!.digest);
    client.close();
    await second.stop();
  });

  test("a bundle that the city offers no more takes no new case and still serves the running ones", async () => {
    const running = await bench.start(sampleCity);
    const client = running.clientOf("service");
    await expect(client.plan({ bundle: "small", answers })).rejects.toMatchObject({
      reason: "catalog.unknown_bundle",
    });
    expect((await client.plan({ bundle: "small", version: 1, answers })).plan!.items).toHaveLength(3);
    client.close();
    await running.stop();
  });

  test("the journal's own checks find nothing wrong", async () => {
    const running = await bench.start(small().catalogue);
    for await (const violation of running.service.journal.verify()) expect.fail(JSON.stringify(violation));
    await running.stop();
  });
});

test("what is not proved is not published, also when it was never YAML", async () => {
  const { catalogue } = small();
  const broken = {
    ...catalogue,
    departments: [{ ...catalogue.departments[0]!, uscc: "11430999006123001Z" }],
  };
  const service = createService({ ...bench, city: broken });
  await expect(service.start!()).rejects.toMatchObject({
    reason: "catalog.not_publishable",
    fields: [{ field: "departments.0.uscc" }],
  });
  await service.stop();
});
