// The gRPC door under strain: a message too large, a call that outlives its deadline, a method that does not exist. The
// caller hears soon, and the door goes on answering others.
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import {
  ResolveRequest,
  VerificationServiceDefinition,
} from "@onething/contracts/verification/v1/verification";
import type { OnethingError } from "@onething/kernel/errors";
import type { Caller } from "@onething/service/types";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { answers, readable } from "./filing.ts";

const service: Caller = { sub: "verification", role: "service" };
let city: City;
beforeAll(async () => {
  city = await startCity();
});
afterEach(() => city.simulator.setFaults({ "medical-insurance": undefined }));
afterAll(() => city.close());

const catalog = () => city.grpc(CatalogServiceDefinition, service);

test("a message of 5 MB is refused, one of 3 MB is judged by what it says, and the door stays open", async () => {
  const send = (size: number) =>
    catalog().plan({ bundle: "birth", answers: { ...answers, note: "x".repeat(size) } });
  await expect(send(5_000_000)).rejects.toMatchObject({ code: "exhausted" });
  await expect(send(3_000_000)).rejects.toMatchObject({ code: "invalid", reason: "catalog.wrong_answers" });
  expect((await catalog().listBundles({})).bundles.length).toBeGreaterThan(1);
});

test("a call ends at its deadline, however slow the door is, and says that it was late", async () => {
  const { plan } = await catalog().plan({ bundle: "birth", answers });
  const licences = city.grpc(LicenceServiceDefinition, service);
  const { personId } = await licences.identify({ identityNumber: "430999199208150027", name: "" });
  city.simulator.setFaults({ "medical-insurance": { kind: "late", ms: 60_000 } });
  const request = ResolveRequest.fromPartial({
    caseId: "018f0000-0000-7000-8000-000000000000",
    requirements: plan!.requirements.filter(({ id }) => id === "maternityInsurance"),
    evidence: plan!.evidence,
    subjects: [{ role: "mother", personId, position: 0 }],
    purpose: "测试",
    actor: "service:test",
  });
  const verification = city.grpc(VerificationServiceDefinition, service);
  // The register's own deadline is longer than this caller's: whoever answers first is the caller's.
  const patient = verification.resolve(request).then(({ receipts }) => receipts[0]?.state);
  const hasty = verification.resolve(request, { deadline: 150 }).catch((error: OnethingError) => error);
  const first = await Promise.race([patient, hasty]);
  expect(first).toMatchObject({ code: "unavailable", reason: "peer.deadline" });
  readable((first as OnethingError).public, /请稍后再试/, /try again later/);
  expect(await patient).toBe("unavailable");
});

test("a stream ends at its deadline, and others go on", async () => {
  const stream = city.department("health").watchWork({ after: "" }, { deadline: 150 });
  const read = async () => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toMatchObject({ reason: "peer.deadline" });
  expect((await city.department("health").listWork({})).work).toEqual([]);
});

test("a method that does not exist is refused", async () => {
  const { listWork } = ApprovalServiceDefinition.methods;
  const wishful = {
    ...ApprovalServiceDefinition,
    methods: { decideAll: { ...listWork, name: "DecideAll" as const } },
  } as const;
  const client = city.grpc(wishful, { sub: "s", role: "department", department: "health" });
  await expect(client.decideAll({})).rejects.toMatchObject({ code: "unavailable", reason: "peer.failed" });
});

test("what a message may not say is refused field by field, in words", async () => {
  const approvals = city.department("health");
  const nowhere = { id: "x", idempotencyKey: "a-good-key" };
  const undecided = approvals.decide(nowhere);
  await expect(undecided).rejects.toMatchObject({ code: "invalid", reason: "approval.decision_missing" });
  const unkeyed = approvals.claim({ id: "x", idempotencyKey: "" });
  await expect(unkeyed).rejects.toMatchObject({ code: "invalid", reason: "idempotency_key.invalid" });
  const cursor = approvals.listWork({ cursor: "next" });
  await expect(cursor).rejects.toMatchObject({ code: "invalid", reason: "cursor.invalid" });
  const licences = city.grpc(LicenceServiceDefinition, service);
  const error = await licences
    .identify({ identityNumber: "430999199208150028", name: "" })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "invalid", fields: [{ field: "identityNumber" }] });
  readable(
    (error as { public: { zh: string; en: string } }).public,
    /核对后重新填写/,
    /check it and enter it again/,
  );
});
