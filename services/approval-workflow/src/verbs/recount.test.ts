import { randomUUID } from "node:crypto";
import { CatalogCalendarPublished } from "@onething/contracts/catalog/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { usualSupervision } from "@onething/kernel/supervision";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Desk, li, open, type Page, startDesk, typesOf } from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  await desk.service.start?.();
});
afterAll(() => desk.stop());

/** As the catalogue's feed would hand it over. */
const published = (version: number, content: object): PublishedEvent<"catalog.calendar_published"> => ({
  ...{ id: randomUUID(), stream: "calendar/city", version, caseId: "", at: "", actor: "", trace: "" },
  type: "catalog.calendar_published",
  data: CatalogCalendarPublished.fromPartial({
    version,
    digest: `${version}`,
    content: JSON.stringify({ announcedYears: [], localHolidays: [], ...content }),
  }),
});
const hear = async (version: number, content: object) => {
  const consumer = desk.service.consumers.find(({ name }) => name === "approval-calendar")!;
  await consumer.handle(published(version, content));
};
const dates = async (id: string) => {
  const { body } = await desk.call(li, "GET", `/api/v1/work/${id}`);
  const { dueOn, dueProvisional } = (body as unknown as { work: { dueOn: string; dueProvisional: boolean } })
    .work;
  return [dueOn, dueProvisional];
};

test("dates of a year that is not announced are provisional, and are counted again when it is; those of a division by its own holidays", async () => {
  desk.clock.now = new Date("2026-12-21T02:00:00.000Z");
  const ten = { promised: { n: 10, unit: "workingDay", from: "accepted" } };
  const { id } = await open(desk, { item: ten });
  const decided = await open(desk, { item: ten });
  const words = { zh: "不符", en: "no" };
  await desk.call(li, "POST", `/api/v1/work/${decided.id}/decision`, { refuse: { reasons: [words] } });
  expect(await dates(id)).toEqual(["2027-01-04", true]);

  const year = { year: 2027, off: ["2027-01-01", "2027-01-04", "2027-10-01"], worked: ["2027-01-02"] };
  await hear(1, { announcedYears: [year] });
  await expect.poll(() => dates(id), { timeout: 20_000 }).toEqual(["2027-01-05", false]);
  expect(await typesOf(desk, id)).toContain("approval.recounted");
  expect(await dates(decided.id)).toEqual(["2027-01-04", true]);

  // An earlier word that comes late changes nothing; a later one stands for itself.
  await hear(1, {});
  const elsewhere = { name: words, divisions: ["11"], off: ["2026-12-22"], worked: [] };
  const here = { name: words, divisions: [""], off: ["2026-12-24"], worked: [] };
  await hear(2, { announcedYears: [year], localHolidays: [elsewhere, here] });
  await expect.poll(() => dates(id), { timeout: 20_000 }).toEqual(["2027-01-06", false]);
});

test("rules of supervision count for open work from when they are heard of, by item and department", async () => {
  desk.clock.now = new Date("2026-09-21T02:00:00.000Z");
  const promised = { n: 10, unit: "workingDay", from: "accepted" };
  const [strict, usual] = [
    await open(desk, { item: { code: "S1", promised } }),
    await open(desk, { item: { code: "S2", promised } }),
  ];
  desk.clock.now = new Date("2026-09-24T02:00:00.000Z");
  const rules = [
    { items: ["S1"], yellow: 0.1, tell: { yellow: "supervisor" } },
    { departments: ["tax"], yellow: 0.1 },
  ];
  await hear(3, { supervision: { ...usualSupervision, rules } });
  const told = async (whom: string) =>
    (await desk.call<Page>(li, "GET", `/api/v1/work?item=S1&item=S2&told=${whom}`)).body.work;
  await expect
    .poll(async () => (await told("supervisor")).map(({ id, light }) => [id, light]), { timeout: 20_000 })
    .toEqual([[strict.id, "yellow"]]);
  // Told to a supervisor at once, it is in the view of those below as well; the usual item is not.
  expect((await told("officer")).map(({ id }) => id)).toEqual([strict.id]);
  expect(await typesOf(desk, usual.id)).not.toContain("approval.recounted");
  expect(await typesOf(desk, strict.id)).toContain("approval.recounted");
});
