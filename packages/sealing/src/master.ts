// The master key as a running process sees it: read from its file at the start, and again whenever the file is another one.
// What is held is told to the database, where a rotation sees whether it may go on.

import { hkdfSync } from "node:crypto";
import { hostname } from "node:os";
import { notFound, OnethingError } from "@onething/kernel/errors";
import { newId } from "@onething/kernel/ids";
import type { Database } from "@onething/postgres/database";
import type { DataKey } from "./key-cache.ts";
import { forgetReader, hasKeys, type KeyRow, newestKey, tellReader } from "./key-store.ts";
import {
  createMasterFile,
  exists,
  fingerprint,
  type MasterKey,
  missing,
  missingVersion,
  readMasterKey,
  stateOfFile,
  unwrap,
} from "./master-key.ts";

export interface Master {
  lookupKey: Buffer;
  requestKey: Buffer;
  /** To wrap with. */
  current(): MasterKey;
  /** The key, or why there is none: one bad row must not fail the others of its batch. */
  unwrapped(row: KeyRow): Promise<DataKey | OnethingError>;
  close(): Promise<void>;
}

interface MasterOptions {
  db: Database;
  path: string;
  actor: string;
  lookMs: number;
  warn: (error: unknown) => void;
}

export async function openMaster(options: MasterOptions): Promise<Master> {
  const { db, path, actor } = options;
  if (!(await exists(path))) {
    if (await hasKeys(db)) throw missing(path);
    await createMasterFile(path);
  }
  const held = await hold(options);

  async function unwrapped({ id, owner, wrapped, master_version }: KeyRow): Promise<DataKey | OnethingError> {
    if (wrapped === null || master_version === null) return destroyed();
    const row = { id, owner, wrapped, master_version };
    try {
      const key = unwrap(held.master(), row) ?? unwrap(await held.reread(), row);
      if (key === undefined) return missingVersion(path, master_version);
      held.seen(master_version);
      return { id, owner, key };
    } catch (error) {
      if (error instanceof OnethingError) return error;
      throw error;
    }
  }

  // A file of another installation, or of before a rotation, is found out now, not when the first citizen calls.
  const newest = await newestKey(db, { actor, purpose: "start" });
  const checked = newest && (await unwrapped(newest));
  if (checked instanceof OnethingError) throw checked;
  await held.tell();
  const close = held.watch();

  const { lookup } = held.master();
  const derived = (info: string) => Buffer.from(hkdfSync("sha256", lookup, "onething", info, 32));
  return {
    lookupKey: derived("lookup"),
    requestKey: derived("request"),
    current: held.master,
    unwrapped,
    close,
  };
}

interface Held {
  master(): MasterKey;
  reread(): Promise<MasterKey>;
  /** Some data key is wrapped under this version: every process holds it, so it is time to wrap under it, too. */
  seen(version: number): void;
  /** Errors: `keyring.master_key_version_missing` when the file is older than what the database needs. */
  tell(): Promise<void>;
  watch(): () => Promise<void>;
}

const TELL_EVERY = 5; // looks
const LEAVE_MS = 2_000;

async function hold({ db, path, actor, lookMs, warn }: MasterOptions): Promise<Held> {
  const id = newId();
  const name = `${actor} (${hostname()}/${process.pid})`;
  let state: string | undefined;
  let master: MasterKey;
  let told = false;

  async function reread(): Promise<MasterKey> {
    state = await stateOfFile(path); // before it is read: a change meanwhile shows at the next look
    const file = await readMasterKey(path);
    // A file that is given out copy by copy says later than the database that a rotation is over.
    const wraps = Math.max(file.current, master?.current ?? 0);
    master = { ...file, current: file.keys.has(wraps) ? wraps : file.current };
    told = false;
    return master;
  }

  function seen(version: number): void {
    if (version <= master.current || !master.keys.has(version)) return;
    master = { ...master, current: version };
    told = false;
  }

  async function tell(): Promise<void> {
    told = true;
    const versions = [...master.keys].map(([version, key]) => fingerprint(version, key));
    const newest = await tellReader(db, { id, name, versions, wraps: master.current });
    if (newest > 0 && !master.keys.has(newest)) throw missingVersion(path, newest);
    seen(newest);
  }

  async function look(count: number): Promise<void> {
    const now = await stateOfFile(path);
    if (now !== state) {
      state = now; // a file that cannot be used is complained of once
      await reread();
    }
    if (!told || count % TELL_EVERY === 0) await tell();
  }

  function watch(): () => Promise<void> {
    let stopped = false;
    let looking: Promise<void> = Promise.resolve();
    let timer = next(1);
    function next(count: number): NodeJS.Timeout {
      return setTimeout(() => {
        looking = look(count)
          .catch(warn)
          .then(() => {
            if (!stopped) timer = next(count + 1);
          });
      }, lookMs).unref();
    }
    return async () => {
      stopped = true;
      clearTimeout(timer);
      const gone = looking.then(() => forgetReader(db, id)).catch(() => {});
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, LEAVE_MS).unref())]);
    };
  }

  master = await reread();
  return { master: () => master, reread, seen, tell, watch };
}

const destroyed = (): OnethingError =>
  notFound(
    "keyring.destroyed",
    "这些资料的保存期已满，密钥已按规定销毁，内容无法再打开。",
    "The retention of this data has ended and its key was destroyed as required. It can no longer be opened.",
  );
