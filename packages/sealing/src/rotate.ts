// A new master key: every data key is wrapped again under it, sealed texts stay as they are. Runs beside working services, in
// two steps, because a file may reach processes as a copy, some minutes later: first the new version stands in the file and
// nothing is wrapped under it; once every process holds it, it is taken into use. Each step may be repeated.

import type { KeyObject } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { OnethingError } from "@onething/kernel/errors";
import type { Client, Database } from "@onething/postgres/database";
import {
  forgetGoneReaders,
  type KeyRow,
  keysNotUnder,
  keysUnder,
  liveReaders,
  type Reader,
  rewrapKeys,
  versionsInUse,
} from "./key-store.ts";
import {
  fingerprint,
  type MasterKey,
  missingVersion,
  newestVersion,
  prepareVersion,
  readMasterFile,
  readMasterKey,
  replaceMasterFile,
  takeNewest,
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
  /** How long to wait until every process has the new version; on Kubernetes a secret's new file takes up to two minutes. */
  waitMs?: number;
  /** Hears whom the rotation waits for, each time it is somebody else. */
  onWait?: (names: string[]) => void;
  now?: () => Date;
}

const DAY_MS = 86_400_000;
const LOOK_MS = 200;
const LOCK = "hashtext('onething.keyring.rotate')";

/** The first step: a new version in the file, which is then given to every process. Answers with its number. */
export function prepareRotation({
  masterKeyFile,
  now = () => new Date(),
}: Pick<RotateOptions, "masterKeyFile" | "now">): Promise<number> {
  return prepareVersion(masterKeyFile, now());
}

/** The second step. Errors: `keyring.rotation_waits`, with the names of processes that do not have the new version yet. */
export function finishRotation(options: RotateOptions): Promise<Rotation> {
  return underLock(options, (client) => finish(client, options));
}

/** Both, where every process reads this very file. */
export function rotateMasterKey(options: RotateOptions): Promise<Rotation> {
  return underLock(options, async (client) => {
    await prepareRotation(options);
    return await finish(client, options);
  });
}

function underLock<T>({ db }: RotateOptions, work: (client: Client) => Promise<T>): Promise<T> {
  return db.withClient(async (client) => {
    await client.query(`select pg_advisory_lock(${LOCK})`);
    try {
      return await work(client);
    } finally {
      await client.query(`select pg_advisory_unlock(${LOCK})`);
    }
  });
}

async function finish(client: Client, options: RotateOptions): Promise<Rotation> {
  const { masterKeyFile: path, batch = 500, keepReplacedMs = DAY_MS, now = () => new Date() } = options;
  const version = newestVersion(await readMasterFile(path));
  const print = fingerprint(version, await mustFit(client, path, version));
  await forgetGoneReaders(client);
  await untilAll(client, options, ({ versions }) => versions.includes(print));
  await takeNewest(path, now());
  const master = await readMasterKey(path);
  let rewrapped = await rewrapAll(client, master, path, batch);
  // Whoever has not heard yet wraps under the version before. With no key at all there is nothing to hear from.
  if ((await versionsInUse(client)).size > 0)
    await untilAll(client, options, ({ wraps }) => wraps >= version);
  rewrapped += await rewrapAll(client, master, path, batch);
  const forgotten = await forget(client, path, now().getTime() - keepReplacedMs);
  return { version, rewrapped, forgotten };
}

/** The version's key. Errors: the file is of another installation, or older than the database. */
async function mustFit(client: Client, path: string, version: number): Promise<KeyObject> {
  const master = await readMasterKey(path);
  for (const used of await versionsInUse(client))
    for (const row of await keysUnder(client, used, 1)) open(master, path, row);
  return master.keys.get(version)!;
}

/** Until this holds of every process that lives. */
async function untilAll(
  client: Client,
  options: RotateOptions,
  holds: (one: Reader) => boolean,
): Promise<void> {
  const { waitMs = 300_000, onWait } = options;
  const end = Date.now() + waitMs;
  let said = "";
  for (;;) {
    const names = (await liveReaders(client)).filter((one) => !holds(one)).map(({ name }) => name);
    if (names.length === 0) return;
    if (Date.now() >= end) throw waits(names);
    if (said !== names.join()) onWait?.(names);
    said = names.join();
    await pause(LOOK_MS);
  }
}

async function rewrapAll(client: Client, master: MasterKey, path: string, batch: number): Promise<number> {
  let rewrapped = 0;
  for (;;) {
    const count = await rewrapSome(client, master, path, batch);
    if (count === 0) return rewrapped;
    rewrapped += count;
  }
}

async function rewrapSome(client: Client, master: MasterKey, path: string, limit: number): Promise<number> {
  const rows = await keysNotUnder(client, master.current, limit);
  const keys = rows.map((row) => {
    const { id, owner } = row;
    const wrapped = wrap(master, id, owner, open(master, path, row));
    return { id, owner, wrapped, masterVersion: master.current };
  });
  if (keys.length > 0) await rewrapKeys(client, keys);
  return keys.length;
}

function open(master: MasterKey, path: string, { id, owner, wrapped, master_version }: KeyRow): KeyObject {
  const key = unwrap(master, { id, owner, wrapped: wrapped!, master_version: master_version! });
  if (key === undefined) throw missingVersion(path, master_version!);
  return key;
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

const waits = (names: string[]): OnethingError =>
  new OnethingError("unavailable", "keyring.rotation_waits", {
    zh: `这些进程还没有新的主密钥：${names.join("、")}。请把新的主密钥文件交给它们，再执行一次；在此之前一切照旧。`,
    en: `These processes do not have the new master key yet: ${names.join(", ")}. Give them the new master key file, then run this again; until then everything works as before.`,
  });
