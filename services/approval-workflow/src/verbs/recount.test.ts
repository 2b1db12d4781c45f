import { randomUUID } from "node:crypto";
import { CatalogCalendarPublished } from "@onething/contracts/catalog/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Desk, li, open, startDesk, typesOf } from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  await desk.service.start?.();
});
afterAll(() => desk.stop());

/** As the catalogue's feed would hand it over. */
const published = (
  version: number,
  announcedYears: object[],
  localHolidays: object[] = [],
): PublishedEvent<"catalog.calendar_published"> => ({
  ...{ id: randomUUID(), stream: "calendar/city", version, caseId: "", at: "", actor: "", trace: "" },
  type: "catalog.calendar_published",
  data: CatalogCalendarPublished.fromPartial({
    version,
    digest: `${version}`,
    content: JSON.stringify({ announcedYears, localHolidays }),
  }),
});
const hear = async (version: number, announcedYears: object[], localHolidays: object[] = []) => {
  const consumer = desk.service.consumers.find(({ name }) => name === "approval-calendar")!;
  await consumer.handle(published(version, announcedYears, localHolidays));
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
  await hear(1, [year]);
  await expect.poll(() => dates(id), { timeout: 20_000 }).toEqual(["2027-01-05", false]);
  expect(await typesOf(desk, id)).toContain("approval.recounted");
  expect(await dates(decided.id)).toEqual(["2027-01-04", true]);

  // An earlier word that comes late changes nothing; a later one stands for itself.
  await hear(1, []);
  const elsewhere = { name: words, divisions: ["11"], off: ["2026-12-22"], worked: [] };
  const here = { name: words, divisions: [""], off: ["2026-12-24"], worked: [] };
  await hear(2, [year], [elsewhere, here]);
  await expect.poll(() => dates(id), { timeout: 20_000 }).toEqual(["2027-01-06", false]);
});
