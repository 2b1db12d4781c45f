// A new master key: every data key is wrapped again under it, sealed texts stay as they are. Runs beside working services.

import type { Client, Database } from "@onething/postgres/database";
import { keysNotUnder, rewrapKeys, versionsInUse } from "./key-store.ts";
import {
  addVersion,
  type MasterKey,
  missingVersion,
  readMasterFile,
  readMasterKey,
  replaceMasterFile,
  unwrap,
  wrap,
} from "./master-key.ts";

export interface Rotation {
  version: number;
  rewrapped: number;
  /** Older versions that were taken out of the file. */
  forgotten: number[];
}

export interface RotateOptions {
  db: Database;
  masterKeyFile: string;
  /** Keys per commit: a long transaction would hold up every reader of the database. */
  batch?: number;
  /** A replaced version stays this long for processes that have not noticed yet; then it goes at the next rotation. */
  keepReplacedMs?: number;
  now?: () => Date;
}

const DAY_MS = 86_400_000;
const LOCK = "hashtext('onething.keyring.rotate')";

export async function rotateMasterKey(options: RotateOptions): Promise<Rotation> {
  return await options.db.withClient(async (client) => {
    await client.query(`select pg_advisory_lock(${LOCK})`);
    try {
      return await rotate(client, options);
    } finally {
      await client.query(`select pg_advisory_unlock(${LOCK})`);
    }
  });
}

async function rotate(client: Client, options: RotateOptions): Promise<Rotation> {
  const { masterKeyFile, batch = 500, keepReplacedMs = DAY_MS, now = () => new Date() } = options;
  const { current } = await addVersion(masterKeyFile, now());
  const master = await readMasterKey(masterKeyFile);
  let rewrapped = 0;
  for (;;) {
    const count = await rewrapSome(client, master, masterKeyFile, batch);
    if (count === 0) break;
    rewrapped += count;
  }
  const forgotten = await forget(client, masterKeyFile, now().getTime() - keepReplacedMs);
  return { version: current, rewrapped, forgotten };
}

async function rewrapSome(client: Client, master: MasterKey, path: string, limit: number): Promise<number> {
  const rows = await keysNotUnder(client, master.current, limit);
  const keys = rows.map(({ id, owner, wrapped, master_version }) => {
    const key = unwrap(master, { id, owner, wrapped: wrapped!, master_version: master_version! });
    if (key === undefined) throw missingVersion(path, master_version!);
    return { id, owner, wrapped: wrap(master, id, owner, key), masterVersion: master.current };
  });
  if (keys.length > 0) await rewrapKeys(client, keys);
  return keys.length;
}

async function forget(client: Client, path: string, replacedBefore: number): Promise<number[]> {
  const file = await readMasterFile(path);
  const inUse = await versionsInUse(client);
  const forgotten = Object.entries(file.versions)
    .filter(([version, { replacedAt }]) => {
      return (
        replacedAt !== undefined && Date.parse(replacedAt) <= replacedBefore && !inUse.has(Number(version))
      );
    })
    .map(([version]) => Number(version));
  if (forgotten.length === 0) return [];
  const versions = Object.entries(file.versions).filter(([version]) => !forgotten.includes(Number(version)));
  await replaceMasterFile(path, { ...file, versions: Object.fromEntries(versions) });
  return forgotten;
}
