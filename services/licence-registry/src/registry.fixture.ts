// For tests: the registry whole, behind its real doors, on a database of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApprovalGranted, ApprovalRevoked } from "@onething/contracts/approval/v1/events";
import { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import { IssueRequest, LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import type { PublishedEvent } from "@onething/events/consumer";
import { citizenNumber } from "@onething/kernel/identity";
import { newId } from "@onething/kernel/ids";
import { testDatabase } from "@onething/postgres/testing";
import { keyringMigrations, openKeyring } from "@onething/sealing/keyring";
import { type Client, grpcClient } from "@onething/service/client";
import { createHttpServer } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createIssuer, createVerifier } from "@onething/service/tokens";
import type { Caller } from "@onething/service/types";
import { createService, migrations, schema } from "./service.ts";

export type Licences = Client<typeof LicenceServiceDefinition>;
export type TestRegistry = Awaited<ReturnType<typeof startRegistry>>;

export const police = { code: "police", uscc: "11430999006123001Y", name: { zh: "公安局", en: "Police" } };
export const clinic = { code: "clinic", uscc: "12430999006123028K", name: { zh: "医院", en: "Clinic" } };

export const booklet = EvidenceType.fromPartial({
  code: "booklet",
  name: { zh: "家庭登记簿", en: "Household booklet" },
  kind: "licence",
  typeCode: "11100000000013127D005",
  fields: [
    { name: "number", label: { zh: "号码", en: "Number" }, type: "citizenNumber", identifies: true },
    { name: "name", label: { zh: "姓名", en: "Name" }, type: "text", identifies: true },
    { name: "address", label: { zh: "住址", en: "Address" }, type: "text", required: true },
  ],
});
export const enrolment = EvidenceType.fromPartial({
  code: "enrolment",
  name: { zh: "参保登记", en: "Enrolment" },
  kind: "registration",
  fields: [{ name: "scheme", label: { zh: "险种", en: "Scheme" }, type: "text" }],
});

let order = 100;
/** A synthetic number that nobody has had in this run. */
export const nextNumber = (): string => citizenNumber(`43099919900101${order++}`);

export async function startRegistry() {
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  const database = await testDatabase([
    { schema, directories: migrations },
    { schema: "keyring", directories: [keyringMigrations] },
  ]);
  const keyring = await openKeyring({
    db: database.dbs.keyring!,
    masterKeyFile: join(folder, "master.json"),
  });
  const issuer = await createIssuer({ issuer: "test" });
  const authenticate = createVerifier({ jwks: issuer.jwks(), issuer: "test" });
  const clock = { at: undefined as Date | undefined };
  const meters = createMeters();
  const log = createLog({ service: "licence-registry", level: "silent" });
  const deps = { db: database.db, keyring, log, meters, authenticate, token: async () => "" };
  const now = () => clock.at ?? new Date();
  const service = createService({ ...deps, now });
  const grpc = await startGrpcServer({ doors: service.rpc, deps, address: "127.0.0.1:0" });
  const http = await createHttpServer({
    apps: [service.routes!],
    port: 0,
    host: "127.0.0.1",
    title: "licences",
    log,
    meters,
  });
  const token = (caller: Caller) => issuer.sign(caller, 600);
  const clients: { close(): void }[] = [];
  const as = (caller: Caller): Licences => {
    const client = grpcClient(LicenceServiceDefinition, grpc.address, {
      token: () => token(caller),
      deadlineMs: 20_000,
    });
    clients.push(client);
    return client;
  };
  return {
    ...database,
    keyring,
    service,
    clock,
    as,
    /** A second replica of the service on the same database. */
    replica: () => createService({ ...deps, now }),
    read: async (caller: Caller, path: string) => {
      const headers = { authorization: `Bearer ${await token(caller)}` };
      const answer = await fetch(`${http.url}/api/v1${path}`, { headers });
      return { status: answer.status, body: (await answer.json()) as never };
    },
    stop: async () => {
      for (const client of clients) client.close();
      await grpc.stop();
      await http.stop();
      await service.stop();
      await keyring.close();
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

export const verification: Caller = { role: "service", sub: "verification" };
export const citizen = (personId: string): Caller => ({
  role: "citizen",
  sub: `account-${personId}`,
  personId,
});
export const department = (code: string): Caller => ({ role: "department", sub: code, department: code });
export const officer = (code: string): Caller => ({
  role: "officer",
  sub: `officer-${code}`,
  department: code,
});

export const importOf = (personId: string, change: Parameters<typeof IssueRequest.fromPartial>[0] = {}) =>
  IssueRequest.fromPartial({
    type: booklet,
    personId,
    issuer: police,
    fields: { address: "示例路 1 号" },
    idempotencyKey: newId(),
    ...change,
  });

/** A decision as approval-workflow publishes it. */
export async function grantOf(
  { keyring }: TestRegistry,
  result: Record<string, string>,
  granted: Parameters<typeof ApprovalGranted.fromPartial>[0],
): Promise<PublishedEvent<"approval.granted">> {
  const caseId = granted.caseId ?? newId();
  const data = ApprovalGranted.fromPartial({
    evidence: [booklet, enrolment],
    ...granted,
    caseId,
    sealedResult: (await keyring.sealer(`case/${caseId}`)).seal(result),
  });
  const stream = `approval/${newId()}`;
  const at = new Date().toISOString();
  const envelope = { stream, version: 3, caseId, at, actor: "officer:o", trace: "" };
  return { id: `${stream}@3`, type: "approval.granted", data, ...envelope };
}

export const forged = { zh: "申请材料虚假", en: "The application was forged" };

/** The decision that takes back what an item of a case was granted. */
export function revocationOf(
  granted: PublishedEvent<"approval.granted">,
  version = granted.version + 1,
): PublishedEvent<"approval.revoked"> {
  const { caseId, item } = granted.data;
  const data = ApprovalRevoked.fromPartial({
    ...{ id: granted.data.id, caseId, item: item?.code ?? "", ground: "fraud", reasons: [forged] },
    by: "officer:wang",
  });
  const { stream } = granted;
  const envelope = { ...granted, id: `${stream}@${version}`, version, at: new Date().toISOString() };
  return { ...envelope, type: "approval.revoked", data };
}
