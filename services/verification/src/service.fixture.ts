// The whole service on a database of its own: its gRPC door, its feed, a real keyring, and a clock that tests move.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import {
  ResolveRequest,
  VerificationServiceDefinition,
} from "@onething/contracts/verification/v1/verification";
import { createFeed } from "@onething/events/feed";
import { testDatabase } from "@onething/postgres/testing";
import { keyringMigrations, openKeyring } from "@onething/sealing/keyring";
import { grpcClient } from "@onething/service/client";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createIssuer, createVerifier } from "@onething/service/tokens";
import type { Role } from "@onething/service/types";
import { vi } from "vitest";
import { booklet, licence, numbers, record } from "./domain/ladder.fixture.ts";
import { log, startLicences, startRegister } from "./peers.fixture.ts";
import { createService, migrations, schema } from "./service.ts";

const people = [
  { personId: "mother", identityNumber: numbers.mother },
  { personId: "father", identityNumber: numbers.father },
  { personId: "child", identityNumber: "" },
];

export const registerClient = {
  deadlineMs: 200,
  firstRetryMs: 60_000,
  maxRetryMs: 150_000,
  failuresBeforePause: 1000,
  pauseMs: 1,
};

export async function startVerification() {
  const folder = await mkdtemp(join(tmpdir(), "verification-"));
  const database = await testDatabase([
    { schema, directories: migrations },
    { schema: "keyring", directories: [keyringMigrations] },
  ]);
  const db = database.dbs[schema]!;
  const keyring = await openKeyring({
    db: database.dbs.keyring!,
    masterKeyFile: join(folder, "master.json"),
  });
  const hospital = await startRegister({
    [`record ${numbers.mother}`]: { motherNumber: numbers.mother, weight: "3200" },
  });
  const police = await startRegister({
    [`booklet ${numbers.father}`]: { page: "5", spouse: numbers.mother },
  });
  const registry = await startLicences(people, [licence()]);
  const issuer = await createIssuer({ issuer: "test" });
  const token = (role: Role) => issuer.sign({ sub: role, role }, 3600);
  const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: "test" });
  const meters = createMeters();
  const clock = { at: Date.parse("2026-11-24T06:00:00.000Z") };
  const licences = grpcClient(LicenceServiceDefinition, registry.address, { deadlineMs: 5000 });
  const addresses: Record<string, string> = { hospital: hospital.address, police: police.address };
  const deps = {
    db,
    keyring,
    log,
    meters,
    now: () => new Date(clock.at),
    authenticate,
    token: () => token("service"),
  };
  const service = createService({ ...deps, peers: { licences }, registers: addresses, registerClient });
  const consumer = service.consumers[0]!;
  const source = { name: service.name, read: service.journal.read, onCommit: service.journal.onCommit };
  const feed = createFeed({ consumer, db, source, log, pauses: [1] });
  const server = await startGrpcServer({ doors: service.rpc, deps, address: "127.0.0.1:0" });
  const clientOf = (role: Role) =>
    grpcClient(VerificationServiceDefinition, server.address, {
      token: () => token(role),
      deadlineMs: 10_000,
    });
  const client = clientOf("service");
  const clients = [client];
  await service.start?.();

  return {
    ...{
      client,
      service,
      consumer,
      feed,
      keyring,
      meters,
      clock,
      addresses,
      hospital,
      police,
      registry,
      database,
    },
    as: (role: Role) => {
      const other = clientOf(role);
      clients.push(other);
      return other;
    },
    /** Moves the clock, lets the timer fire, and applies what it caused. */
    pass: async (ms: number, caseId: string, events: number) => {
      clock.at += ms;
      await vi.waitFor(
        async () => {
          await feed.drain();
          const history = await service.journal.history({ name: "evidence" }, caseId);
          if (history.length < events) throw new Error(`${history.length} of ${events} events`);
        },
        { timeout: 10_000, interval: 20 },
      );
    },
    open: async (sealed: string | undefined) =>
      (await keyring.open([sealed ?? ""], { actor: "test", purpose: "test" }))[0],
    stop: async () => {
      for (const each of clients) each.close();
      await server.stop(1000);
      await feed.stop();
      await service.stop();
      licences.close();
      await Promise.all([hospital.stop(), police.stop(), registry.stop()]);
      await keyring.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

const rungs = ["licence", "register"];
const all = { names: ["number", "spouse", "page", "motherNumber", "weight"] };
/** Both items are shown all of it. */
const need = (id: string, evidence: string, role: string, over: object = {}) => ({
  id,
  name: { zh: id, en: id },
  items: ["I1"],
  alternatives: [{ pair: { evidence, role }, rungs, ...over }],
  disclosure: { fields: { I1: all, I2: all } },
});

/** A mother with a licence, a father known to a register, and a child whose birth a register of the mother's knows. */
export const request = (caseId: string, over: Partial<ResolveRequest> = {}): ResolveRequest =>
  ResolveRequest.fromPartial({
    caseId,
    evidence: [booklet, record],
    subjects: ["mother", "father", "child"].map((role) => ({ role, personId: role })),
    requirements: [
      { ...need("mothers-booklet", "booklet", "mother"), items: ["I1", "I2"] },
      need("fathers-booklet", "booklet", "father", { matches: [{ field: "spouse", role: "mother" }] }),
      need("birth", "record", "child", {
        ask: "mother",
        matches: [{ field: "motherNumber", role: "mother" }],
      }),
      { ...need("birth-again", "record", "child", { ask: "mother" }), items: [""] },
    ],
    purpose: "a child is born",
    actor: "citizen:1",
    ...over,
  });
