// Who may call what at the gRPC door: one row a method and thing, everybody in every row. A method of the contracts without
// a row fails. Doors of processes of their own know only certificates: whoever has none of them does not get to ask.
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { AttachmentServiceDefinition } from "@onething/contracts/approval/v1/attachments";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import { VerificationServiceDefinition } from "@onething/contracts/verification/v1/verification";
import { WindowServiceDefinition } from "@onething/contracts/window/v1/window";
import { OnethingError } from "@onething/kernel/errors";
import type { TsProtoServiceDefinition } from "nice-grpc";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { type CallerName, callerOf, everybody, type Scene, setScene } from "./callers.ts";

/** All that the platform serves; reflection is asked elsewhere whether these are all. */
const definitions = {
  catalog: CatalogServiceDefinition,
  verification: VerificationServiceDefinition,
  licence: LicenceServiceDefinition,
  approval: ApprovalServiceDefinition,
  attachment: AttachmentServiceDefinition,
  window: WindowServiceDefinition,
  operations: OperationsServiceDefinition,
} satisfies Record<string, TsProtoServiceDefinition>;
type Service = keyof typeof definitions;

let city: City;
let scene: Scene;
beforeAll(async () => {
  city = await startCity({ play: { leave: ["B1", "B2", "B3", "B4", "B5", "B6", "B7"] } });
  scene = await setScene(city);
});
afterAll(() => city?.close());

interface Row {
  method: `${Service}.${string}`;
  request: (scene: Scene) => object;
  /** "ok", or the code of the refusal -> who gets it. Others are forbidden, without a token unauthenticated. */
  answers: Record<string, string>;
}

const all = everybody.filter((name) => name !== "none").join(" ");
const hospital = "hospital hospitalSystem";
/** Without a certificate all are nobody. */
const asking = inject("scaled")
  ? everybody.filter((name) => /^none$|^service$|System$/.test(name))
  : everybody;
/** The first of the hospital to come to this door. */
const first = inject("scaled") ? "hospitalSystem" : "hospital";
const otherDesks = "police health policeSystem healthSystem";
const desks = `${hospital} ${otherDesks}`;
const badGrant = { $case: "grant", value: { result: { number: "" } } };
/** A type whose one field the request leaves out, so that nobody issues anything. */
const card = {
  code: "identity-card",
  kind: "licence",
  fields: [{ name: "name", type: "text", required: true }],
};
const key = { idempotencyKey: "a-row-of-the-table" };

const words = { zh: "说明", en: "words" };
/** On the hospital's desk; other departments do not find it. */
const onWork = (method: Row["method"], code: string, more: object): Row[] => [
  {
    method,
    request: ({ work }) => ({ id: work, ...more, idempotencyKey: `row-of-${method}` }),
    answers: { [code]: hospital, not_found: otherDesks },
  },
];
const rows: Row[] = [
  { method: "catalog.listBundles", request: () => ({}), answers: { ok: all } },
  { method: "catalog.getBundle", request: () => ({ code: "birth" }), answers: { ok: all } },
  { method: "catalog.plan", request: () => ({ bundle: "birth" }), answers: { invalid: all } },

  {
    method: "verification.resolve",
    request: () => ({ caseId: "c", purpose: "p" }),
    answers: { ok: "service" },
  },
  {
    method: "verification.getReceipts",
    request: ({ home }) => ({ caseId: home.split("/").at(-1) }),
    answers: { ok: "service operator" },
  },

  {
    method: "licence.identify",
    request: () => ({ identityNumber: "430999199208150027" }),
    answers: { ok: "service" },
  },
  {
    method: "licence.getHolders",
    request: ({ motherId }) => ({ personIds: [motherId], purpose: "p" }),
    answers: { ok: "service" },
  },
  {
    method: "licence.match",
    request: ({ motherId }) => ({
      queries: [{ personId: motherId, evidence: ["identity-card"] }],
      purpose: "p",
    }),
    answers: { ok: "service" },
  },
  {
    method: "licence.get",
    request: ({ licence }) => ({ identifier: licence, purpose: "p" }),
    answers: { ok: "service policeSystem", not_found: "hospitalSystem healthSystem" },
  },
  {
    method: "licence.issue",
    request: ({ motherId }) => ({
      personId: motherId,
      type: card,
      issuer: { code: "public-security" },
      ...key,
    }),
    answers: { invalid: "service" },
  },
  {
    method: "licence.cancel",
    request: () => ({ identifier: "1.2.156.3005.2.NONE", reason: "r", ...key }),
    answers: { not_found: "service policeSystem hospitalSystem healthSystem" },
  },
  {
    method: "licence.cancel",
    request: ({ licence }) => ({ identifier: licence, reason: "", ...key }),
    answers: { invalid: "service policeSystem", not_found: "hospitalSystem healthSystem" },
  },
  {
    method: "licence.listAccess",
    request: ({ motherId }) => ({ personId: motherId }),
    answers: { ok: "service" },
  },

  { method: "approval.listWork", request: () => ({ limit: 500 }), answers: { ok: desks } },
  // The first message counts; a desk without work waits, and its call ends at the deadline.
  {
    method: "approval.watchWork",
    request: () => ({ after: "" }),
    answers: { ok: hospital, unavailable: otherDesks },
  },
  {
    method: "approval.getWork",
    request: ({ work }) => ({ id: work }),
    answers: { ok: hospital, not_found: otherDesks },
  },
  {
    method: "approval.claim",
    request: ({ work }) => ({ id: work, ...key }),
    answers: { ok: first, conflict: "hospitalSystem", not_found: otherDesks },
  },
  {
    method: "approval.release",
    request: ({ work }) => ({ id: work, ...key, idempotencyKey: "another-row-of-it" }),
    answers: { ok: first, conflict: "hospitalSystem", not_found: otherDesks },
  },
  // The hospital has accepted it; what does not fit, or is not its turn, changes nothing.
  ...onWork("approval.accept", "conflict", {}),
  ...onWork("approval.correct", "invalid", { values: {} }),
  ...onWork("approval.requestSupplement", "conflict", { gaps: [] }),
  ...onWork("approval.decline", "invalid", { ground: "none" }),
  ...onWork("approval.pause", "conflict", { procedure: "hearing", days: 1 }),
  ...onWork("approval.resume", "conflict", { result: words }),
  ...onWork("approval.extend", "invalid", { days: 0, reason: words }),
  ...onWork("approval.refer", "conflict", {}),
  ...onWork("approval.giveLegality", "conflict", { opinion: words }),
  ...onWork("approval.giveSecondLook", "conflict", { opinion: words }),
  ...onWork("approval.deliver", "invalid", { how: "none" }),
  ...onWork("approval.revoke", "invalid", { ground: "none" }),
  ...onWork("approval.consult", "invalid", { question: words, days: 0 }),
  { method: "approval.listConsultations", request: () => ({}), answers: { ok: desks } },
  {
    method: "approval.answerConsultation",
    request: () => ({ id: "nothing", opinion: words, idempotencyKey: "row-of-answer" }),
    answers: { not_found: desks },
  },
  {
    method: "approval.decide",
    request: ({ work }) => ({ id: work, decision: badGrant, ...key }),
    answers: { invalid: hospital, not_found: otherDesks },
  },
  {
    method: "approval.decideMany",
    request: ({ work }) => ({ decisions: [{ id: work, decision: badGrant, ...key }] }),
    answers: { ok: desks },
  },

  {
    method: "attachment.attach",
    request: ({ work }) => ({ part: { $case: "header", value: { id: work, ...key, name: "a.exe" } } }),
    answers: { invalid: hospital, not_found: otherDesks },
  },
  {
    method: "attachment.findUpload",
    request: ({ work }) => ({ id: work, ...key }),
    answers: { ok: hospital, not_found: otherDesks },
  },
  {
    method: "attachment.listAttachments",
    request: ({ work }) => ({ id: work }),
    answers: { ok: hospital, not_found: otherDesks },
  },
  {
    method: "attachment.readAttachment",
    request: ({ work, attachment }) => ({ id: work, attachmentId: attachment }),
    answers: { ok: hospital, not_found: otherDesks },
  },

  {
    method: "window.getCase",
    request: ({ home }) => ({ id: home.split("/").at(-1) }),
    answers: { ok: "service" },
  },

  { method: "operations.getMeters", request: () => ({}), answers: { ok: "service" } },
  { method: "operations.drain", request: () => ({}), answers: { ok: "service" } },
  { method: "operations.listStuck", request: () => ({}), answers: { ok: "service" } },
  {
    method: "operations.replay",
    request: () => ({ consumer: "nobody", caseId: "c" }),
    answers: { not_found: "service" },
  },
];

const expected = ({ answers }: Row, name: CallerName): string => {
  if (inject("scaled") && name === "none") return "unavailable";
  const named = Object.entries(answers).find(([, who]) => who.split(" ").includes(name));
  return named ? named[0] : name === "none" ? "unauthenticated" : "forbidden";
};

type AnyMethod = (
  request: object | AsyncIterable<object>,
  options: { deadline?: number },
) => Promise<unknown> & AsyncIterable<unknown>;

async function* alone(message: object) {
  yield message;
}

async function call({ method, request }: Row, name: CallerName): Promise<{ code: string; text: string }> {
  const [service, verb] = method.split(".") as [Service, string];
  const caller = callerOf(city, name);
  const client = city.grpc(definitions[service] as TsProtoServiceDefinition, caller);
  try {
    const invoke = (client as unknown as Record<string, AnyMethod>)[verb]!;
    const { requestStream, responseStream } = (definitions[service] as TsProtoServiceDefinition).methods[
      verb
    ]!;
    const asked = requestStream ? alone(request(scene)) : request(scene);
    if (!responseStream) return { code: "ok", text: JSON.stringify(await invoke(asked, {})) };
    for await (const message of invoke(asked, { deadline: 1_000 }))
      return { code: "ok", text: JSON.stringify(message) };
    return { code: "ended", text: "" };
  } catch (error) {
    if (!(error instanceof OnethingError)) throw error;
    const { code, reason, public: text, fields } = error;
    return { code, text: JSON.stringify({ reason, text, fields, message: error.message }) };
  } finally {
    client.close();
  }
}

test("every method of the contracts has its rows, and every row a method", () => {
  const methods = Object.entries(definitions).flatMap(([service, { methods: named }]) =>
    Object.keys(named).map((method) => `${service}.${method}`),
  );
  expect([...new Set(rows.map(({ method }) => method))].sort()).toEqual(methods.sort());
});

test("everybody gets at every method exactly what the table says, and the refused read nothing", async () => {
  const wrong: string[] = [];
  const leaks: string[] = [];
  for (const row of rows)
    for (const name of asking) {
      const { code, text } = await call(row, name);
      const where = `${row.method} as ${name}`;
      const wanted = expected(row, name);
      if (code !== wanted) wrong.push(`${where}: ${code} instead of ${wanted} ${text.slice(0, 300)}`);
      const outsider =
        code !== "ok" || !`service operator ${hospital} policeSystem`.split(" ").includes(name);
      const told = outsider ? scene.secrets.filter((secret) => text.includes(secret)) : [];
      if (told.length > 0) leaks.push(`${where}: ${told.join(", ")}`);
    }
  expect(wrong).toEqual([]);
  expect(leaks).toEqual([]);
  expect(rows.length * asking.length).toBeGreaterThan(inject("scaled") ? 100 : 300);
});
