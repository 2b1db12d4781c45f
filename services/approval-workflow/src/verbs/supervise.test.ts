import { afterAll, beforeAll, expect, test } from "vitest";
import { type Desk, li, open, type Page, type Person, startDesk } from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  await desk.service.start?.();
});
afterAll(() => desk.stop());

const operator: Person = { sub: "operator", role: "operator" };
const supervisor: Person = { ...li, sub: "supervisor", duties: ["supervisor"] };
const words = { zh: "说明", en: "words" };
const figures = (person: Person) =>
  desk.call<{ departments: Record<string, unknown>[] }>(person, "GET", "/api/v1/supervision/departments");

test("supervision sees numbers and lights by department, its own or all; an officer does not", async () => {
  const careful = { acceptance: "department", procedures: ["hearing"] };
  const tax = { department: { code: "tax", name: undefined, uscc: "" } };
  const [, paused, decided] = [await open(desk), await open(desk, { item: careful }), await open(desk)];
  await open(desk, { item: { ...careful, ...tax } });
  await desk.call(li, "POST", `/api/v1/work/${paused.id}/accept`);
  await desk.call(li, "POST", `/api/v1/work/${paused.id}/pause`, {
    procedure: "hearing",
    reason: words,
    days: 3,
  });
  await desk.call(li, "POST", `/api/v1/work/${decided.id}/decision`, { refuse: { reasons: [words] } });
  expect((await figures(li)).status).toBe(403);
  const own = (await figures(supervisor)).body.departments;
  expect(own).toEqual([
    {
      ...{ department: "police", inHand: 2, received: 0, supplementing: 0, paused: 1, legality: 0 },
      ...{ green: 1, yellow: 0, red: 0, overdue: 0, decided: 1, onTime: 1 },
    },
  ]);
  const all = (await figures(operator)).body.departments;
  expect(all.map(({ department }) => department)).toEqual(["police", "tax"]);
  expect(all[1]).toMatchObject({ received: 1, green: 0 });
});

test("as time goes by the lights turn, and each is told once to whom the rules name", async () => {
  const { id } = await open(desk, {
    item: { code: "N1", promised: { n: 10, unit: "workingDay", from: "accepted" } },
  });
  const told = async (whom: string) =>
    (await desk.call<Page>(li, "GET", `/api/v1/work?item=N1&told=${whom}`)).body.work.map((work) => [
      work.id,
      work.light,
    ]);
  const before = desk.clock.now;
  try {
    desk.clock.now = new Date("2026-09-28T17:00:00.000Z");
    await expect.poll(() => told("officer"), { timeout: 30_000 }).toEqual([[id, "yellow"]]);
    desk.clock.now = new Date("2026-11-01T00:00:00.000Z");
    await expect.poll(() => told("supervisor"), { timeout: 30_000 }).toEqual([[id, "overdue"]]);
    // What went higher up is still theirs below.
    expect([await told("officer"), await told("chief")]).toEqual([[[id, "overdue"]], [[id, "overdue"]]]);
    const history = await desk.service.journal.history({ name: "approval" }, id);
    const warned = history.filter(({ type }) => type === "approval.warned").map(({ data }) => data);
    expect(warned).toMatchObject([
      { light: "yellow", to: "officer" },
      { light: "red", to: "chief" },
      { light: "overdue", to: "supervisor" },
    ]);
    expect((await desk.call(li, "GET", "/api/v1/work?told=everybody")).body.reason).toBe(
      "approval.told_unknown",
    );
  } finally {
    desk.clock.now = before;
  }
});
