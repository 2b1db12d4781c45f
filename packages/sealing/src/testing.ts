// What the tests of this package share: a real database of their own, a folder for the master key, and keyrings on both.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import { type Keyring, type KeyringOptions, keyringMigrations, openKeyring } from "./keyring.ts";

export interface Access {
  key_id: string;
  action: string;
  actor: string;
  purpose: string;
}

export interface KeyringBench {
  db: Database;
  /** Superuser, for what the service's role may not do. */
  adminUrl: string;
  masterKeyFile: string;
  /** Another process's keyring: own cache, own view of the master key; looks at its file all the time. */
  keyring(options?: Partial<KeyringOptions>): Promise<Keyring>;
  /** Statements sent since the last look. */
  statements(): number;
  accesses(keyId?: string): Promise<Access[]>;
  close(): Promise<void>;
}

export async function keyringBench(): Promise<KeyringBench> {
  const database = await testDatabase({ schema: "keyring", directories: [keyringMigrations] });
  const folder = await mkdtemp(join(tmpdir(), "onething-keyring-"));
  const masterKeyFile = join(folder, "keys", "master-key.json");
  const opened: Keyring[] = [];
  let sent = 0;
  const db: Database = {
    ...database.db,
    query: (text, values, name) => {
      if (name !== "keyring_tell") sent += 1; // told now and then, whatever is asked of a keyring
      return database.db.query(text, values, name);
    },
  };
  return {
    db,
    adminUrl: database.adminUrl,
    masterKeyFile,
    async keyring(options) {
      const keyring = await openKeyring({ db, masterKeyFile, lookMs: 20, ...options });
      opened.push(keyring);
      return keyring;
    },
    statements() {
      const seen = sent;
      sent = 0;
      return seen;
    },
    accesses: (keyId) =>
      database.db.query<Access>(
        `select key_id, action, actor, purpose from keyring_access
         where $1::text is null or key_id = $1 order by id`,
        [keyId ?? null],
      ),
    async close() {
      await Promise.all(opened.map((keyring) => keyring.close()));
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}
