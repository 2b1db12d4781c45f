// Data keys of cases and licence holders, and what is sealed under them. The only place where personal data is sealed and
// opened: services hold a Keyring and never see a key.

import { createHmac, createSecretKey } from "node:crypto";
import type { Database } from "@onething/postgres/database";
import type { Audit } from "./key-store.ts";
import { destroyKey } from "./key-store.ts";
import { createKeySupply } from "./key-supply.ts";
import { openMaster } from "./master.ts";
import { openFields, parseSealed, sealFields } from "./sealed-text.ts";

export { finishRotation, prepareRotation, type Rotation, rotateMasterKey } from "./rotate.ts";
export type { Audit };

export const keyringMigrations = new URL("../migrations/", import.meta.url);

export interface Sealer {
  readonly keyId: string;
  seal(fields: Record<string, string>): string;
}

export interface Keyring {
  /**
   * Seals for this owner, `case/<id>` or `holder/<id>`; its key is made when there is none. Use it at once, keep it
   * nowhere: the key may be destroyed.
   */
  sealer(owner: string): Promise<Sealer>;
  /** The same for many owners, in their order and in one round trip. */
  sealers(owners: readonly string[]): Promise<Sealer[]>;
  /** Opens sealed texts, in their order and in one round trip. `""` holds nothing and opens as `{}`. */
  open(values: readonly string[], audit: Audit): Promise<Array<Record<string, string>>>;
  /** A keyed hash (hex) to look something up by; hashes of different kinds never meet. */
  hash(kind: string, value: string): string;
  /** For the keyed hashes of requests in the journal. */
  readonly hashKey: Buffer;
  /** Destroys the owner's key: everything ever sealed for it goes dark. Safe to repeat. */
  destroy(owner: string, audit: Audit): Promise<void>;
  /** Forgets all keys and looks no more at the file. The database stays the caller's: close it afterwards. */
  close(): Promise<void>;
}

export interface KeyringOptions {
  /** On schema `keyring`. */
  db: Database;
  /** Beside the data folder, in no backup of it. Made at the first start. */
  masterKeyFile: string;
  /** Who is recorded when a key is fetched for sealing, and when the keyring checks itself. */
  actor?: string;
  /** How long an unwrapped key may stay in memory: a key that another process destroys lives on here no longer. */
  cacheMs?: number;
  /** How often the master key's file is looked at, so that a rotation needs no restart. */
  lookMs?: number;
  /** A new file that cannot be used, or a database that cannot be told: work goes on with what is held. */
  warn?: (error: unknown) => void;
  cacheKeys?: number;
  /** Milliseconds, for the cache alone. */
  now?: () => number;
}

export async function openKeyring(options: KeyringOptions): Promise<Keyring> {
  const { db, masterKeyFile, actor = "service:keyring" } = options;
  const { cacheMs = 60_000, cacheKeys = 10_000, now = Date.now, lookMs = 2_000, warn = () => {} } = options;
  const master = await openMaster({ db, path: masterKeyFile, actor, lookMs, warn });
  const keys = createKeySupply({ db, master, actor, cache: { ms: cacheMs, keys: cacheKeys, now } });

  const lookupKey = createSecretKey(master.lookupKey); // seven times faster than from bytes

  async function sealer(owner: string): Promise<Sealer> {
    const { id, key } = await keys.toSeal(owner);
    return { keyId: id, seal: (fields) => sealFields(key, id, fields) };
  }

  async function open(values: readonly string[], audit: Audit): Promise<Array<Record<string, string>>> {
    const texts = values.map((value) => (value === "" ? undefined : parseSealed(value)));
    const ids = [...new Set(texts.flatMap((text) => (text === undefined ? [] : [text.keyId])))];
    const found = await Promise.all(ids.map(async (id) => [id, await keys.toOpen(id, audit)] as const));
    const byId = new Map(found);
    return texts.map((text) => (text === undefined ? {} : openFields(byId.get(text.keyId)!.key, text)));
  }

  return {
    sealer,
    sealers: (owners) => Promise.all(owners.map(sealer)),
    open,
    hash: (kind, value) => createHmac("sha256", lookupKey).update(`${kind}\0${value}`).digest("hex"),
    hashKey: master.requestKey,
    async destroy(owner, audit) {
      await destroyKey(db, owner, audit);
      keys.forget(owner);
    },
    async close() {
      keys.forgetAll();
      await master.close();
    },
  };
}
