// Two small services for the tests of feeds: one publishes lines of a case, the other copies them, each in its own schema.
import { CaseItemAccepted, CaseItemDecided } from "@onething/contracts/window/v1/events";
import { createJournal, type Journal, journalMigrations, type Kind } from "@onething/journal/journal";
import { unavailable } from "@onething/kernel/errors";
import type { Database } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import type { Consumer, PublishedEvent } from "../src/consumer.ts";
import { createFeed, type FeedOptions } from "../src/feed.ts";
import { codecs, type EventOf } from "../src/names.ts";

type Lines = string[];
interface Write {
  type: "write";
  line: string;
}

const sheet: Kind<Lines, Write, EventOf<"case.item_accepted">> = {
  name: "sheet",
  table: "sheet",
  codecs: codecs("case.item_accepted"),
  decide: (_, { line }) => ({
    events: [{ type: "case.item_accepted", data: CaseItemAccepted.fromPartial({ item: line }) }],
  }),
  evolve: (state, { data }) => [...(state ?? []), data.item],
};

/** What has arrived, in the order of arrival. */
const copy: Kind<Lines, Write, EventOf<"case.item_decided">> = {
  name: "copy",
  table: "copy",
  codecs: codecs("case.item_decided"),
  decide: (_, { line }) => ({
    events: [{ type: "case.item_decided", data: CaseItemDecided.fromPartial({ item: line }) }],
  }),
  evolve: (state, { data }) => [...(state ?? []), data.item],
};

const hashKey = Buffer.alloc(32, 3);
const directories = [journalMigrations, new URL("migrations/", import.meta.url)];
const log = { warn: () => undefined, error: () => undefined };

export async function startCopying() {
  const database = await testDatabase([
    { schema: "publisher", directories },
    { schema: "copier", directories },
  ]);
  const publisher = createJournal({ db: database.dbs.publisher!, kinds: [sheet], hashKey });
  const copier = createJournal({ db: database.dbs.copier!, kinds: [copy], hashKey });
  /** Called before each event is applied; throwing makes it fail. */
  const hooks: { before(event: PublishedEvent<"case.item_accepted">): unknown } = { before: () => undefined };
  const consumer: Consumer = {
    name: "copier",
    topics: ["onething.case"],
    types: ["case.item_accepted"],
    handle: async (event) => {
      const accepted = event as PublishedEvent<"case.item_accepted">;
      await hooks.before(accepted);
      const by = { actor: "consumer:copier", key: event.id };
      await copier.submit(copy, event.caseId, { type: "write", line: accepted.data.item }, by);
    },
  };
  const source = { name: "publisher", read: publisher.read, onCommit: publisher.onCommit };
  const db = database.dbs.copier!;
  return {
    ...{ publisher, copier, hooks, consumer, source, db },
    /** Another process of the same service has its own feed. */
    feed: (options: Partial<FeedOptions> = {}) =>
      createFeed({ consumer, db, source, log, pauses: [1, 1], ...options }),
    write: (caseId: string, ...lines: string[]) => writeAll(publisher, caseId, lines),
    copied: async (caseId: string): Promise<Lines> => (await copier.load(copy, caseId))?.state ?? [],
    stuck: (caseId: string) =>
      db.query<{ line: string; error: string; attempts: number }>(
        "select event_id as line, error, attempts from stuck_event where case_id = $1 order by id",
        [caseId],
      ),
    cursor: async (): Promise<{ xid: string; position: number } | undefined> => (await cursors(db))[0],
    forget: () => db.query("delete from feed_cursor"),
    close: () => database.close(),
  };
}

export type Copying = Awaited<ReturnType<typeof startCopying>>;

const cursors = (db: Database) =>
  db.query<{ xid: string; position: number }>("select xid::text as xid, position from feed_cursor");

async function writeAll(publisher: Journal, caseId: string, lines: string[]): Promise<void> {
  for (const line of lines)
    await publisher.submit(sheet, caseId, { type: "write", line }, { actor: "test:a", trace: "t-1" });
}

export const silent = () => unavailable("test.silent", "没有答复", "No answer");
