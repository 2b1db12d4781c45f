// A small kind of root for the journal's own tests: a sum that must not fall below zero, with a deadline.
import { conflict } from "@onething/kernel/errors";
import { testDatabase } from "@onething/postgres/testing";
import {
  createJournal,
  type Journal,
  type JournalOptions,
  journalMigrations,
  type Kind,
} from "../src/journal.ts";

export interface Tally {
  sum: number;
  count: number;
  /** Instant of the deadline, while one is set. */
  due?: string;
  fired: number;
  added?: number[];
}

export type TallyCommand =
  | { type: "add"; n: number }
  | { type: "look" }
  | { type: "remind"; at: string }
  | { type: "fire"; at: string }
  | { type: "poison" };

export type TallyEvent =
  | { type: "tally.added"; data: { n: number } }
  | { type: "tally.reminded"; data: { at: string } }
  | { type: "tally.fired"; data: { at: string } };

const json = {
  schema: 1,
  codec: {
    encode: (message: object) => ({ finish: () => new Uint8Array(Buffer.from(JSON.stringify(message))) }),
    decode: (bytes: Uint8Array): object => JSON.parse(Buffer.from(bytes).toString()),
  },
};

const kindOf = (name: string): Kind<Tally, TallyCommand, TallyEvent> => ({
  name,
  table: name,
  codecs: { "tally.added": json, "tally.reminded": json, "tally.fired": json },
  decide(state, command, now) {
    const sum = state?.sum ?? 0;
    switch (command.type) {
      case "look":
        return { events: [], answer: { sum } };
      case "remind":
        return { events: [{ type: "tally.reminded", data: { at: command.at } }] };
      case "fire":
        if (state?.due !== command.at || now < new Date(command.at)) return { events: [] };
        return { events: [{ type: "tally.fired", data: { at: command.at } }] };
      case "poison":
        // A zero byte cannot be stored as text: the database refuses the whole statement.
        return { events: [{ type: "tally.reminded", data: { at: "\u0000" } }] };
      case "add":
        if (sum + command.n < 0) throw conflict("tally.negative", "不能小于零", "Must not fall below zero");
        return {
          events: [{ type: "tally.added", data: { n: command.n } }],
          answer: { sum: sum + command.n },
        };
    }
  },
  evolve(state, event) {
    const before = state ?? { sum: 0, count: 0, fired: 0 };
    switch (event.type) {
      case "tally.added":
        return {
          ...before,
          sum: before.sum + event.data.n,
          count: before.count + 1,
          added: [...(before.added ?? []), event.data.n],
        };
      case "tally.reminded":
        return { ...before, due: event.data.at };
      case "tally.fired": {
        const { due: _, ...rest } = before;
        return { ...rest, fired: before.fired + 1 };
      }
    }
  },
  timers: (state) => (state.due && state.due !== "\u0000" ? [{ name: "due", at: state.due }] : []),
  onTimer: (_name, at) => ({ type: "fire", at }),
  // Read from the state, as every kind does.
  caseOf: ({ sum }) => (Number.isFinite(sum) ? "case-1" : ""),
  unfinished: (state) => (state.sum === 666 ? "waits for nothing" : undefined),
});

export const tally = kindOf("tally");
/** The list of what was added lies in a column of its own. */
export const other = { ...kindOf("other"), apart: ["added"] };

const migrations = [journalMigrations, new URL("migrations/", import.meta.url)];
export const hashKey = Buffer.alloc(32, 7);

export async function tallyDatabase() {
  return testDatabase({ schema: "tallies", directories: migrations });
}

export const openJournal = (db: JournalOptions["db"], options: Partial<JournalOptions> = {}): Journal =>
  createJournal({ db, kinds: [tally, other], hashKey, ...options });

export async function violations(journal: Journal): Promise<string[]> {
  const found: string[] = [];
  for await (const { stream, what } of journal.verify()) found.push(`${stream}: ${what}`);
  return found;
}
