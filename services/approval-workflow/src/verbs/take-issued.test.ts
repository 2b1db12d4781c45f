import { LicenceIssued, LicenceRevoked } from "@onething/contracts/licence/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { citizenNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Desk, item, li, open, startDesk, typesOf } from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const delivery = (service = desk.service) =>
  service.consumers.find(({ name }) => name === "approval-delivery")!;
const issued = (identifier: string, about: Partial<LicenceIssued>): PublishedEvent => ({
  ...{
    id: `licence/${identifier}@1`,
    stream: `licence/${identifier}`,
    version: 1,
    caseId: about.caseId ?? "",
  },
  ...{ at: new Date().toISOString(), actor: "consumer:licence-registry", trace: "" },
  ...{ type: "licence.issued", data: LicenceIssued.fromPartial({ identifier, ...about }) },
});
const granted = async (more: Partial<typeof item> = {}) => {
  const opened = await open(desk, { item: more });
  const result = { number: citizenNumber("43099920200101001"), name: "王小明" };
  const body = { grant: { result, opinion: "" } };
  const answer = await desk.call(li, "POST", `/api/v1/work/${opened.id}/decision`, body);
  return { ...opened, answer };
};

test("art. 44: the registry's word delivers an electronic result, once, however often and by whom it is heard", async () => {
  const { id, caseId, answer } = await granted();
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  const event = issued("L-1", { caseId, item: item.code });
  const replica = desk.replica();
  await Promise.all([delivery().handle(event), delivery(replica).handle(event), delivery().handle(event)]);
  await delivery().handle(event);
  await replica.stop();
  expect((await typesOf(desk, id)).slice(-2)).toEqual(["approval.product_issued", "approval.delivered"]);
  const [row] = await desk.db.query<{ status: string }>("select status from approval where id = $1", [id]);
  expect(row?.status).toBe("delivered");
});

test("two products are both counted before it is delivered", async () => {
  const produces = [
    item.produces[0]!,
    { ...item.produces[0]!, pair: { evidence: "other", role: "mother", to: "" } },
  ];
  const { id, caseId } = await granted({ produces });
  await delivery().handle(issued("L-2", { caseId, item: item.code }));
  await delivery().handle(issued("L-2", { caseId, item: item.code }));
  expect((await typesOf(desk, id)).at(-1)).toBe("approval.product_issued");
  await delivery().handle(issued("L-3", { caseId, item: item.code }));
  expect((await typesOf(desk, id)).at(-1)).toBe("approval.delivered");
});

test("a licence that was revoked proves nothing any more, in its own case and where it was shown; once", async () => {
  const proofs = [{ requirement: "household", evidence: "household", fields: { no: "7" } }];
  const { id, caseId } = await open(desk, { proofs });
  const other = await open(desk, {});
  const data = LicenceRevoked.fromPartial({
    ...{ identifier: "L-household", caseId: "elsewhere", shownInCases: [caseId, other.caseId] },
    reasons: [{ zh: "材料虚假", en: "forged" }],
  });
  const event = { ...issued("L-household", { caseId }), type: "licence.revoked", data } as PublishedEvent;
  await delivery().handle(event);
  await delivery().handle(event);
  expect((await typesOf(desk, id)).filter((type) => type === "approval.evidence_revoked")).toHaveLength(1);
  expect(await typesOf(desk, other.id)).not.toContain("approval.evidence_revoked");
  const result = { number: citizenNumber("43099920200101001"), name: "王小明" };
  const refused = await desk.call(li, "POST", `/api/v1/work/${id}/decision`, {
    grant: { result, opinion: "" },
  });
  expect([refused.status, refused.body.reason]).toEqual([409, "approval.unproved"]);
  const { detail } = await desk.system({ ...li, role: "officer" }).getWork({ id });
  expect(detail!.evidence).toMatchObject([{ fields: {}, receipt: { state: "missing" } }]);
  expect(detail!.work!.actions).toEqual(expect.not.arrayContaining(["grant"]));
});

test("what was issued outside a case is nobody's delivery", async () => {
  await expect(delivery().handle(issued("L-4", {}))).resolves.toBeUndefined();
});
