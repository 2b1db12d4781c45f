import type { ApprovalViewed } from "@onething/contracts/approval/v1/desk_events";
import { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { Receipt } from "@onething/contracts/verification/v1/verification";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Approval, approvalId } from "../domain/approval.ts";
import { decide, viewingId } from "../domain/viewing.ts";
import { viewingKind } from "../kind.ts";
import {
  type Desk,
  item,
  li,
  open,
  police,
  startDesk,
  typesOf,
  wang,
  withdrawRequested,
} from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
beforeEach(() => {
  desk.clock.now = new Date("2026-09-18T02:00:00.000Z");
});
afterAll(() => desk.stop());

const proofs = [{ requirement: "household", evidence: "household", fields: { no: "7", address: "示例路" } }];
const viewed = async (id: string) =>
  (await desk.db.query<{ state: object }>("select state from viewing where state ->> 'caseId' = $1", [id]))
    .length;
const looksOf = async (actor: string, id: string, now = desk.clock.now) =>
  (await desk.service.journal.history(viewingKind, viewingId(id, actor, now))).map(
    ({ data }) => data as ApprovalViewed,
  );

test("of the evidence only the fields that the item lists are shown, whatever was sent", async () => {
  const few = { evidenceFields: { household: { names: ["no"] } } };
  const { id } = await open(desk, { proofs, item: few });
  const { detail } = await desk.system(police).getWork({ id });
  expect(detail?.evidence.map(({ fields }) => fields)).toEqual([{ no: "7" }]);
  const none = await open(desk, { proofs, item: { evidenceFields: {} } });
  const bare = await desk.system(police).getWork({ id: none.id });
  expect(bare.detail?.evidence).toMatchObject([{ receipt: { state: "proved" }, fields: {} }]);
});

test("a rule reads no field that its item does not list", async () => {
  const conditions = [{ id: "same", rule: 'evidence.household.no == "7"', why: { zh: "同户", en: "same" } }];
  const automatic = {
    handling: "automatic",
    conditions,
    evidenceFields: { household: { names: ["address"] } },
  };
  const { id } = await open(desk, { proofs, item: automatic });
  const { detail } = await desk.system(police).getWork({ id });
  expect(detail?.unmet.map((each) => each.id)).toEqual(["same"]);
});

test("whoever is a party to a case does not read it at the desk either", async () => {
  const { id } = await open(desk, { proofs });
  const reading = desk.system({ ...wang, personId: "p1" }).getWork({ id });
  await expect(reading).rejects.toMatchObject({ reason: "approval.own_case" });
  expect(await looksOf("officer:wang", id)).toEqual([]);
});

test("a look is written down with who, what item and whose data it was; the work stays as it is", async () => {
  const { id, caseId } = await open(desk, { proofs, form: { name: "x" } });
  const before = (await desk.system(police).listWork({ limit: 500 })).work.find((each) => each.id === id);
  const { detail } = await desk.system(wang).getWork({ id });
  expect(await looksOf("officer:wang", id)).toEqual([
    expect.objectContaining({
      ...{
        approvalId: id,
        caseId,
        item: "X1",
        by: "officer:wang",
        name: item.name,
        department: item.department,
      },
      people: [{ personId: "p1", evidence: ["household"], identifiers: ["L-household"] }],
    }),
  ]);
  expect(detail?.work).toEqual(before);
  expect(await typesOf(desk, id)).toEqual(["approval.opened", "approval.accepted"]);
});

test("paging through a desk is one look an hour for each reader and piece of work", async () => {
  const { id, caseId } = await open(desk, { proofs });
  await Promise.all([1, 2, 3].map(() => desk.system(wang).getWork({ id })));
  await desk.call(wang, "GET", `/api/v1/work/${id}`);
  expect(await viewed(caseId)).toBe(1);
  desk.clock.now = new Date("2026-09-18T02:59:59.999Z");
  await desk.call(wang, "GET", `/api/v1/work/${id}`);
  expect(await viewed(caseId)).toBe(1);
  await desk.call(li, "GET", `/api/v1/work/${id}`);
  desk.clock.now = new Date("2026-09-18T03:00:00.000Z");
  await desk.call(wang, "GET", `/api/v1/work/${id}`);
  expect(await viewed(caseId)).toBe(3);
});

test("what is not opened is not written down: withdrawn work, and another department's", async () => {
  const { id, caseId } = await open(desk, { proofs });
  const { id: gone, caseId: withdrawn } = await open(desk, { proofs });
  await desk.service.consumers[0]!.handle(withdrawRequested(withdrawn, "X1"));
  await desk.call(li, "GET", `/api/v1/work/${gone}`);
  expect(await viewed(withdrawn)).toBe(0);
  expect((await desk.call({ ...li, department: "tax" }, "GET", `/api/v1/work/${id}`)).status).toBe(404);
  expect(await viewed(caseId)).toBe(0);
});

test("looks keep the data whole: verify finds nothing", async () => {
  const { id } = await open(desk, { proofs });
  await desk.system(police).getWork({ id });
  for await (const violation of desk.service.journal.verify()) expect(violation).toBeUndefined();
});

describe("whose data a piece of work holds", () => {
  const proof = { kind: "licence", reference: "L1" };
  const receipt = (evidence: string, personId: string, to = "", proved = true) =>
    Receipt.fromPartial({
      pair: { evidence, role: "heir", to },
      personId,
      proof: proved ? proof : undefined,
    });
  const people = (change: object, ...receipts: Receipt[]) => {
    const of = {
      id: approvalId("c", "X"),
      item: PlannedItem.fromPartial({ ...item, ...change }),
      subjects: ["heir", "deceased", "other"].map((role) => ({ role, personId: `${role}-1`, position: 0 })),
      receipts,
    } as unknown as Approval;
    const [event] = decide(null, { type: "view", of, by: "officer:a", id: "v" }).events;
    return event!.data.people.map(({ personId, evidence }) => [personId, evidence]);
  };

  test("each person sees what was theirs; evidence between two people is of both", () => {
    expect(people({}, receipt("card", "heir-1"), receipt("kinship", "heir-1", "deceased"))).toEqual([
      ["heir-1", ["card", "kinship"]],
      ["deceased-1", ["kinship"]],
    ]);
  });

  test("the roles of the form's fields count, those of no field and of nothing proved do not", () => {
    expect(people({ formRoles: ["other"] }, receipt("card", "heir-1", "", false))).toEqual([["other-1", []]]);
  });

  test("a look that is known is no news", () => {
    const view = { type: "view", of: {} as Approval, by: "officer:a", id: "v" } as const;
    expect(decide({ caseId: "c" }, view).events).toEqual([]);
  });
});
