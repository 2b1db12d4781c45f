import { CatalogCalendarPublished } from "@onething/contracts/catalog/v1/events";
import type { PublishedEvent } from "@onething/events/consumer";
import { createJournal, type Journal } from "@onething/journal/journal";
import { type TestDatabase, testDatabase } from "@onething/postgres/testing";
import { Calendars, calendarConsumer } from "@onething/service/heard-calendar";
import { afterAll, beforeAll, expect, test } from "vitest";
import { item, Play, plan, receipt, subject, submission } from "./domain/cases.fixture.ts";
import { ledgerOf } from "./domain/ledger.ts";
import { calendarKind, kinds, migrations, schema } from "./service.ts";

let database: TestDatabase;
let journal: Journal;
beforeAll(async () => {
  database = await testDatabase({ schema, directories: migrations });
  journal = createJournal({ db: database.db, kinds, hashKey: Buffer.alloc(32, 1) });
});
afterAll(() => database.close());

const published = (version: number, off: string[]): PublishedEvent<"catalog.calendar_published"> => {
  const holiday = { name: { zh: "州庆", en: "Prefecture's day" }, divisions: ["4309"], off, worked: [] };
  const content = JSON.stringify({ announcedYears: [], localHolidays: [holiday] });
  return {
    ...{ id: `calendar/city@${version}`, stream: "calendar/city", version },
    ...{ caseId: "", at: "", actor: "", trace: "" },
    type: "catalog.calendar_published",
    data: CatalogCalendarPublished.fromPartial({ version, digest: `${version}`, content }),
  };
};

test("art. 82: the days of a case are counted by the calendar that the city has published last, as its division keeps it", async () => {
  const play = new Play().open().answered(plan([item("A")], { division: "430999" }), [subject("owner")]);
  const [monday, friday] = [new Date("2026-11-23T02:00:00Z"), new Date("2026-11-27T02:00:00Z")];
  play.do(submission(play.state!, [receipt("A")]), monday);
  const calendars = new Calendars();
  const days = (division: string) => ledgerOf(calendars.of(division), play.events, friday)!.days.department;
  expect([days("430999"), days("110101")]).toEqual([4, 4]);

  const { handle } = calendarConsumer("case-calendar", { journal, kind: calendarKind });
  await handle(published(2, ["2026-11-25"]));
  // Heard again, or an older word heard late, it changes nothing.
  await handle(published(2, ["2026-11-25"]));
  await handle(published(1, ["2026-11-24", "2026-11-25"]));
  expect(await calendars.look(database.db)).toBe(true);
  expect(await calendars.look(database.db)).toBe(false);
  expect([days("430999"), days("110101")]).toEqual([3, 4]);
});
