// Two small services for the tests of feeds: one publishes lines of a case, the other copies them, each in its own schema.
import { CaseItemAccepted, CaseItemDecided } from "@onething/contracts/window/v1/events";
import type { StoredEvent } from "@onething/journal/journal";
import { createJournal, type Journal, journalMigrations, type Kind } from "@onething/journal/journal";
import { unavailable } from "@onething/kernel/errors";
import type { Database } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import type { Consumer, PublishedEvent } from "../src/consumer.ts";
import { createFeed, type EventSource, type Feed, type FeedOptions } from "../src/feed.ts";
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
export const log = { warn: () => undefined, error: () => undefined };

/** What carries events from one to the other. */
export interface Transport {
  /** Another process of the same service has its own feed. */
  feed(options: { consumer: Consumer; pauses: number[] }): Feed;
  /** Resolves when everything written is where a feed can find it. */
  carried(): Promise<void>;
  /** Makes the consumer forget how far it has come. */
  forget(): Promise<unknown>;
  close(): Promise<void>;
}

export type StartTransport = (between: {
  source: EventSource;
  publisher: Database;
  copier: Database;
}) => Promise<Transport>;

/** The event tables themselves. */
const tables: StartTransport = async ({ source, copier: db }) => ({
  feed: (options) => createFeed({ db, source, log, ...options }),
  carried: async () => undefined,
  forget: () => db.query("delete from feed_cursor"),
  close: async () => undefined,
});

export async function startCopying(start: StartTransport = tables) {
  const database = await testDatabase([
    { schema: "publisher", directories },
    { schema: "copier", directories },
  ]);
  const publisher = createJournal({ db: database.dbs.publisher!, kinds: [sheet], hashKey });
  const copier = createJournal({ db: database.dbs.copier!, kinds: [copy], hashKey });
  /** Called before each event is applied; throwing makes it fail. */
  const hooks: {
    before(event: PublishedEvent<"case.item_accepted">): unknown;
    /** What the publisher's journal is said to hold. */
    stored(event: StoredEvent): StoredEvent;
  } = { before: () => undefined, stored: (event) => event };
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
  const source: EventSource = {
    name: "publisher",
    read: async (...args) => (await publisher.read(...args)).map((event) => hooks.stored(event)),
    onCommit: publisher.onCommit,
  };
  const db = database.dbs.copier!;
  const transport = await start({ source, publisher: publisher.db, copier: db });
  const feeds: Feed[] = [];
  const member = (): Feed => {
    const feed = transport.feed({ consumer, pauses: [1, 1] });
    feeds.push(feed);
    return feed;
  };
  return {
    ...{ adminUrl: database.adminUrl, publisher, copier, hooks, consumer, source, db },
    ...{ member, transport },
    /** Everything that is written has reached the consumer; answers with how many events this feed applied. */
    drained: async (feed: Feed = member()): Promise<number> => {
      await transport.carried();
      return feed.drain();
    },
    /** A feed of the event tables, with parts of one's own. */
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
    close: async () => {
      await Promise.all(feeds.map((feed) => feed.stop()));
      await transport.close();
      await database.close();
    },
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
