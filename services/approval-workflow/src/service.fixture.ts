// For tests: this service on a database of its own, behind its real doors, with people who have tokens.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { AttachmentServiceDefinition } from "@onething/contracts/approval/v1/attachments";
import type { Work, WorkDetail } from "@onething/contracts/approval/v1/work";
import { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Field } from "@onething/contracts/common/v1/common";
import { Receipt } from "@onething/contracts/verification/v1/verification";
import { CaseItemReady, CaseWithdrawRequested } from "@onething/contracts/window/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { citizenNumber } from "@onething/kernel/identity";
import { testDatabase } from "@onething/postgres/testing";
import { keyringMigrations, openKeyring } from "@onething/sealing/keyring";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { createHttpServer } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createIssuer, createVerifier } from "@onething/service/tokens";
import type { Caller } from "@onething/service/types";
import type { TsProtoServiceDefinition } from "nice-grpc";
import { approvalId } from "./domain/approval.ts";
import { createService, migrations, schema } from "./service.ts";

export type Desk = Awaited<ReturnType<typeof startDesk>>;
export type Person = Pick<Caller, "sub" | "role" | "department" | "duties" | "personId" | "officer">;
/** A piece of work or a problem, whichever the test has reason to expect. */
type Answer = Work & { reason: string; en: string; fields: { field: string }[] };
export type Page = { work: Work[]; nextCursor: string };
export type Detail = WorkDetail & { work: Work };

export const li: Person = { sub: "li", role: "officer", department: "police" };
export const wang: Person = { sub: "wang", role: "officer", department: "police" };
export const clerkOfTax: Person = { sub: "zhao", role: "officer", department: "tax" };
export const police: Person = { sub: "police-system", role: "department", department: "police" };

export const item = PlannedItem.fromPartial({
  code: "X1",
  name: { zh: "登记", en: "Registration" },
  handling: "department",
  department: { code: "police", name: { zh: "公安局", en: "Police" }, uscc: "11430999006123116A" },
  promised: { n: 5, unit: "workingDay", from: "accepted" },
  produces: [{ pair: { evidence: "some-licence", role: "mother" }, kind: "licence" }],
  result: [
    { name: "number", type: "citizenNumber", required: true },
    { name: "name", type: "text", required: true },
  ],
});

/** Who applies for everything here. */
export const applicant = { name: "林知夏", number: citizenNumber("43099919920815002") };

export async function startDesk() {
  const test = await testDatabase([
    { schema, directories: migrations },
    { schema: "keyring", directories: [keyringMigrations] },
  ]);
  const folder = await mkdtemp(join(tmpdir(), "onething-desk-"));
  const lines: string[] = [];
  const log = createLog({ service: "test", level: "debug", to: { write: (line) => void lines.push(line) } });
  const keyring = await openKeyring({ db: test.dbs.keyring!, masterKeyFile: join(folder, "master.json") });
  const issuer = await createIssuer({ issuer: "test" });
  const clock = { now: new Date("2026-09-18T02:00:00.000Z") };
  const deps = {
    db: test.db,
    keyring,
    log,
    meters: createMeters(),
    now: () => clock.now,
    authenticate: createVerifier({ jwks: issuer.jwks(), issuer: "test" }),
    token: async () => "",
  };
  const start = () => createService({ ...deps, publicUrl: () => "https://onething.example" });
  const service = start();
  const grpc = await startGrpcServer({ doors: service.rpc, deps, address: "127.0.0.1:0" });
  const http = await createHttpServer({
    apps: [service.routes!],
    port: 0,
    host: "127.0.0.1",
    title: "test",
    ...deps,
  });
  const clients: { close(): void }[] = [];
  const token = (person: Person) => issuer.sign(person, 600);
  const clientOf = <D extends TsProtoServiceDefinition>(definition: D, person: Person): GrpcClient<D> => {
    const client = grpcClient(definition, grpc.address, { token: () => token(person), deadlineMs: 10_000 });
    clients.push(client);
    return client;
  };

  return {
    ...deps,
    service,
    lines,
    clock,
    databases: test.dbs,
    /** Another replica on the same database. */
    replica: start,
    system: (person: Person) => clientOf(ApprovalServiceDefinition, person),
    files: (person: Person) => clientOf(AttachmentServiceDefinition, person),
    async call<T = Answer>(
      person: Person,
      method: "GET" | "POST",
      path: string,
      body?: unknown,
      key?: string,
      ifMatch?: string,
    ) {
      const response = await fetch(`${http.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await token(person)}`,
          ...(method === "POST" && { "idempotency-key": key ?? randomUUID() }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...(ifMatch !== undefined && { "if-match": ifMatch }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const etag = response.headers.get("etag");
      return { status: response.status, etag, body: (await response.json()) as T };
    },
    url: http.url,
    headersOf: async (person: Person) => ({
      ...{ authorization: `Bearer ${await token(person)}`, "idempotency-key": randomUUID() },
    }),
    /** For what is no JSON, or needs no token. */
    async fetch(path: string, person?: Person, { headers, ...init }: RequestInit & { duplex?: "half" } = {}) {
      const bearer = person && { authorization: `Bearer ${await token(person)}` };
      return fetch(`${http.url}${path}`, { ...init, headers: { ...bearer, ...headers } });
    },
    async stop() {
      for (const client of clients) client.close();
      await grpc.stop();
      await http.stop();
      await service.stop();
      await keyring.close();
      await test.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** An event as the case's feed would hand it over. */
function published(type: PublishedEvent["type"], caseId: string, data: object): PublishedEvent {
  const envelope = { stream: `case/${caseId}`, caseId, at: new Date().toISOString(), actor: "citizen:a" };
  return { ...envelope, id: randomUUID(), version: 1, trace: "", type, data } as PublishedEvent;
}

export interface Proof {
  requirement: string;
  evidence: string;
  fields: Record<string, string>;
  state?: string;
}
interface Opening {
  caseId?: string;
  item?: Partial<PlannedItem>;
  formSchema?: Partial<Field>[];
  form?: Record<string, string>;
  /** Before who applies was handed over. */
  before?: boolean;
  proofs?: Proof[];
}

/** What a case sends for one item, its personal data sealed as the case would; the item is shown all of it. */
export async function itemReady({ keyring }: Pick<Desk, "keyring">, opening: Opening = {}) {
  const { caseId = randomUUID(), form = {}, proofs = [] } = opening;
  const sealer = await keyring.sealer(`case/${caseId}`);
  const evidenceFields = Object.fromEntries(
    proofs.map(({ requirement, fields }) => [requirement, { names: Object.keys(fields) }]),
  );
  const planned = PlannedItem.fromPartial({ ...item, evidenceFields, ...opening.item });
  const receipts = proofs.map(({ requirement, evidence, fields, state = "proved" }) =>
    Receipt.fromPartial({
      item: planned.code,
      requirement,
      pair: { evidence, role: "mother" },
      personId: "p1",
      state,
      proof:
        state === "proved"
          ? { kind: "licence", reference: `L-${requirement}`, sealedFields: sealer.seal(fields) }
          : undefined,
    }),
  );
  const data = CaseItemReady.fromPartial({
    caseId,
    caseNumber: `N-${caseId.slice(0, 8)}`,
    bundle: "some-bundle",
    item: planned,
    subjects: [{ role: "mother", personId: "p1" }],
    sealedForm: sealer.seal(form),
    formSchema: opening.formSchema,
    receipts,
    evidence: [{ code: "some-licence", kind: "licence" }],
    submittedAt: "2026-09-17T02:00:00.000Z",
    sealedApplicant: opening.before ? "" : sealer.seal(applicant),
    readers: ["p1", "p2"],
  });
  return published("case.item_ready", caseId, data);
}

export const withdrawRequested = (caseId: string, ...items: string[]): PublishedEvent =>
  published("case.withdraw_requested", caseId, CaseWithdrawRequested.fromPartial({ caseId, items }));

/** Opens an item and answers with the approval's id. */
export async function open(desk: Desk, opening: Opening = {}): Promise<{ id: string; caseId: string }> {
  const event = await itemReady(desk, opening);
  await desk.service.consumers[0]!.handle(event);
  return { id: approvalId(event.caseId, opening.item?.code ?? item.code), caseId: event.caseId };
}

export const typesOf = async (desk: Pick<Desk, "service">, id: string): Promise<string[]> =>
  (await desk.service.journal.history({ name: "approval" }, id)).map(({ type }) => type);
