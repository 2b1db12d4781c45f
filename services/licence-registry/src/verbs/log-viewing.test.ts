import { ApprovalViewed } from "@onething/contracts/approval/v1/desk_events";
import type { PublishedEvent } from "@onething/events/consumer";
import { newId } from "@onething/kernel/ids";
import { afterAll, beforeAll, expect, test } from "vitest";
import { citizen, police, startRegistry, type TestRegistry } from "../registry.fixture.ts";

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const at = "2026-11-24T06:00:00.000Z";
function viewed(people: { personId: string; evidence?: string[]; identifiers?: string[] }[]) {
  const about = {
    caseId: "case-1",
    item: "X1",
    name: { zh: "登记", en: "Registration" },
    by: "officer:wang",
  };
  const data = ApprovalViewed.fromPartial({ ...about, department: police, people });
  const id = newId();
  const envelope = {
    stream: `viewing/${id}`,
    version: 1,
    caseId: "case-1",
    at,
    actor: "officer:wang",
    trace: "",
  };
  return { id: `viewing/${id}@1`, type: "approval.viewed", data, ...envelope } as PublishedEvent;
}
const logOf = async (personId: string) =>
  ((await registry.read(citizen(personId), "/access-log")).body as { accesses: object[] }).accesses;
const hear = (event: PublishedEvent) => registry.service.consumers[0]!.handle(event);

test("each person finds who looked, for what, when and at what of theirs; told again it stands there once", async () => {
  const [one, other] = [newId(), newId()];
  const event = viewed([
    { personId: one, evidence: ["card"], identifiers: ["L-1"] },
    { personId: other, evidence: [] },
  ]);
  await hear(event);
  await hear(event);
  const entry = {
    ...{ at, actor: "officer:wang", caseId: "case-1" },
    purpose: "公安局办理“登记” / Police decides Registration",
  };
  expect(await logOf(one)).toEqual([{ ...entry, evidence: ["card"], identifiers: ["L-1"] }]);
  expect(await logOf(other)).toEqual([{ ...entry, evidence: [], identifiers: [] }]);
  for await (const violation of registry.service.journal.verify()) expect(violation).toBeUndefined();
});

test("a later look is another entry, though somebody nobody has identified yet was looked at", async () => {
  const child = newId();
  await hear(viewed([{ personId: child }]));
  await hear(viewed([{ personId: child }]));
  expect(await logOf(child)).toHaveLength(2);
});

test("a window's look is told as one, of no department", async () => {
  const one = newId();
  const event = viewed([{ personId: one }]);
  await hear({ ...event, data: { ...event.data, department: undefined } } as PublishedEvent);
  expect(await logOf(one)).toMatchObject([{ purpose: "窗口查看“登记” / A window reads Registration" }]);
});
