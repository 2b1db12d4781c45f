// The master key as a running process sees it: read from its file at the start, and again when a rotation shows.

import { hkdfSync } from "node:crypto";
import { notFound, OnethingError } from "@onething/kernel/errors";
import type { Database } from "@onething/postgres/database";
import type { DataKey } from "./key-cache.ts";
import { hasKeys, type KeyRow, newestKey } from "./key-store.ts";
import {
  createMasterFile,
  exists,
  type MasterKey,
  missing,
  missingVersion,
  readMasterKey,
  unwrap,
} from "./master-key.ts";

export interface Master {
  lookupKey: Buffer;
  requestKey: Buffer;
  /** To wrap with. Never older than `rereadMs`, so that a rotation by another process is noticed. */
  current(): Promise<MasterKey>;
  /** The key, or why there is none: one bad row must not fail the others of its batch. */
  unwrapped(row: KeyRow): Promise<DataKey | OnethingError>;
}

interface MasterOptions {
  db: Database;
  path: string;
  actor: string;
  rereadMs: number;
  now: () => number;
}

export async function openMaster({ db, path, actor, rereadMs, now }: MasterOptions): Promise<Master> {
  if (!(await exists(path))) {
    if (await hasKeys(db)) throw missing(path);
    await createMasterFile(path);
  }
  let master = await readMasterKey(path);
  let readAt = now();
  const reread = async (): Promise<MasterKey> => {
    master = await readMasterKey(path);
    readAt = now();
    return master;
  };

  async function unwrapped({ id, owner, wrapped, master_version }: KeyRow): Promise<DataKey | OnethingError> {
    if (wrapped === null || master_version === null) return destroyed();
    const row = { id, owner, wrapped, master_version };
    try {
      const key = unwrap(master, row) ?? unwrap(await reread(), row);
      return key === undefined ? missingVersion(path, master_version) : { id, owner, key };
    } catch (error) {
      if (error instanceof OnethingError) return error;
      throw error;
    }
  }

  // A file of another installation is found out now, not when the first citizen calls.
  const newest = await newestKey(db, { actor, purpose: "start" });
  const checked = newest && (await unwrapped(newest));
  if (checked instanceof OnethingError) throw checked;

  const derived = (info: string) => Buffer.from(hkdfSync("sha256", master.lookup, "onething", info, 32));
  return {
    lookupKey: derived("lookup"),
    requestKey: derived("request"),
    current: async () => (now() - readAt < rereadMs ? master : await reread()),
    unwrapped,
  };
}

const destroyed = (): OnethingError =>
  notFound(
    "keyring.destroyed",
    "这些资料的保存期已满，密钥已按规定销毁，内容无法再打开。",
    "The retention of this data has ended and its key was destroyed as required. It can no longer be opened.",
  );
