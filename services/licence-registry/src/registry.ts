// What every verb works with.
import type { Journal } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import type { Keyring } from "@onething/sealing/keyring";

export interface Registry {
  db: Database;
  journal: Journal;
  keyring: Keyring;
  now: () => Date;
  /** First signs of every serial; `TEST` marks synthetic data. */
  serialPrefix: string;
}
