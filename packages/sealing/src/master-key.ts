// The master key's file: versions that wrap data keys, and the lookup secret, which never rotates. It lies beside the data
// folder, is readable by this process alone, and is in no backup of the data. Every write is whole or not there at all.

import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { OnethingError } from "@onething/kernel/errors";
import { isExposed, self } from "./exposed.ts";
import { decrypt, encrypt } from "./sealed-text.ts";

const KEY_BYTES = 32;

interface Version {
  key: string;
  createdAt: string;
  /** When a newer version took over. Processes that have not noticed yet may still wrap under this one for a while. */
  replacedAt?: string;
}

export interface MasterFile {
  format: 1;
  /** Wraps new data keys. A newer one is prepared for a rotation, and waits until every process holds it. */
  current: number;
  versions: Record<string, Version>;
  lookup: string;
}

export interface MasterKey {
  current: number;
  keys: Map<number, KeyObject>;
  lookup: Buffer;
}

/** What a wrapped key is bound to: it cannot be moved to another row, nor its row to another owner. */
const bound = (id: string, owner: string, version: number): string => `${id} ${owner} ${version}`;

export function wrap(master: MasterKey, id: string, owner: string, key: KeyObject): Buffer {
  return encrypt(master.keys.get(master.current)!, key.export(), bound(id, owner, master.current));
}

/** Undefined when the file does not know this version. Throws when the file holds another key under its number. */
export function unwrap(
  master: MasterKey,
  row: { id: string; owner: string; wrapped: Buffer; master_version: number },
): KeyObject | undefined {
  const key = master.keys.get(row.master_version);
  if (key === undefined) return undefined;
  try {
    return createSecretKey(decrypt(key, row.wrapped, bound(row.id, row.owner, row.master_version)));
  } catch (cause) {
    throw refusal(
      "keyring.master_key_wrong",
      `主密钥与数据库不符（数据密钥 ${row.id}，主密钥版本 ${row.master_version}）。请放回与此数据目录配套的主密钥文件。`,
      `The master key does not fit this database (data key ${row.id}, master version ${row.master_version}). Put back the master key file that belongs to this data folder.`,
      cause,
    );
  }
}

export function newDataKey(): KeyObject {
  return createSecretKey(randomBytes(KEY_BYTES));
}

export async function readMasterKey(path: string): Promise<MasterKey> {
  const file = await readMasterFile(path);
  const keys = Object.entries(file.versions).map(
    ([version, { key }]) => [Number(version), createSecretKey(Buffer.from(key, "base64"))] as const,
  );
  return { current: file.current, keys: new Map(keys), lookup: Buffer.from(file.lookup, "base64") };
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(absent)) !== undefined;
}

/** Makes the file unless there is one. Of two processes that start at once, both use the first one's. */
export async function createMasterFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file: MasterFile = {
    format: 1,
    current: 1,
    versions: { 1: newVersion(new Date()) },
    lookup: randomBytes(KEY_BYTES).toString("base64"),
  };
  const draft = await writeDraft(path, file);
  try {
    await link(draft, path); // unlike rename, never replaces
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await rm(draft);
  }
  await syncFolder(path);
}

/** What a process may tell of a key that it holds: enough to see that two hold the same. */
export function fingerprint(version: number, key: KeyObject): string {
  const print = Buffer.from(hkdfSync("sha256", key, "onething", "fingerprint", 8));
  return `${version}:${print.toString("hex")}`;
}

export const newestVersion = ({ versions }: MasterFile): number =>
  Math.max(...Object.keys(versions).map(Number));

/** Adds a version that nothing is wrapped under yet, unless there is such a one. Answers with its number. */
export async function prepareVersion(path: string, now: Date): Promise<number> {
  const file = await readMasterFile(path);
  const newest = newestVersion(file);
  if (newest > file.current) return newest;
  const versions = { ...file.versions, [newest + 1]: newVersion(now) };
  await replaceMasterFile(path, { ...file, versions });
  return newest + 1;
}

/** From now on new data keys are wrapped under the newest version. */
export async function takeNewest(path: string, now: Date): Promise<void> {
  const file = await readMasterFile(path);
  const current = newestVersion(file);
  if (current === file.current) return;
  const replaced = { ...file.versions[file.current]!, replacedAt: now.toISOString() };
  await replaceMasterFile(path, {
    ...file,
    current,
    versions: { ...file.versions, [file.current]: replaced },
  });
}

/** Its owner stays the same, also when root writes for somebody else. */
export async function replaceMasterFile(path: string, file: MasterFile): Promise<void> {
  try {
    await rename(await writeDraft(path, file, await stat(path)), path);
  } catch (error) {
    throw closedTo("write", path, error);
  }
  await syncFolder(path);
}

export async function readMasterFile(path: string): Promise<MasterFile> {
  const handle = await open(path, "r").catch((error: unknown) => absent(closedTo("read", path, error)));
  if (handle === undefined) throw missing(path);
  try {
    const me = self();
    const found = await handle.stat();
    if (me !== undefined && isExposed(found, me)) throw exposed(path, found.mode);
    const file: unknown = await handle.readFile("utf8").then(JSON.parse).catch(absent);
    if (!isMasterFile(file)) throw unreadable(path);
    return file;
  } finally {
    await handle.close();
  }
}

/** Another value means another file. Looked at by time and number, as Kubernetes puts another file in its place. */
export async function stateOfFile(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(absent);
  return found && [found.ino, found.mtimeMs, found.ctimeMs, found.size].join(" ");
}

const newVersion = (now: Date): Version => ({
  key: randomBytes(KEY_BYTES).toString("base64"),
  createdAt: now.toISOString(),
});

async function writeDraft(
  path: string,
  file: MasterFile,
  owner?: { uid: number; gid: number },
): Promise<string> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString("hex")}.new`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.chmod(0o600); // whatever the umask
    if (owner && self()?.uid === 0) await handle.chown(owner.uid, owner.gid);
    await handle.writeFile(`${JSON.stringify(file, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}

/** A new name survives a power cut only when its folder is on disk too. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const isSecret = (value: unknown): boolean =>
  typeof value === "string" && Buffer.from(value, "base64").length === KEY_BYTES;

function isMasterFile(value: unknown): value is MasterFile {
  if (typeof value !== "object" || value === null) return false;
  const { format, current, versions, lookup } = value as Partial<MasterFile>;
  if (format !== 1 || typeof versions !== "object" || versions === null || !isSecret(lookup)) return false;
  return Object.values(versions).every((version) => isSecret(version?.key)) && String(current) in versions;
}

function absent(error: unknown): undefined {
  if (error instanceof SyntaxError || codeOf(error) === "ENOENT") return undefined;
  throw error;
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

const refusal = (reason: string, zh: string, en: string, cause?: unknown): OnethingError =>
  new OnethingError("unavailable", reason, { zh, en }, { cause });

export const missing = (path: string): OnethingError =>
  refusal(
    "keyring.master_key_missing",
    `找不到主密钥文件 ${path}，但数据库里已有用它保护的数据。请从密钥备份中放回该文件；没有它，这些数据无法打开，系统也不会另造一个。`,
    `The master key file ${path} is missing, but the database holds data that it protects. Put it back from the key backup: without it this data cannot be opened, and no other will be made in its place.`,
  );

const exposed = (path: string, mode: number): OnethingError =>
  refusal(
    "keyring.master_key_exposed",
    `主密钥文件 ${path} 的权限是 ${octal(mode)}，其他用户可以读到或改写。请执行 chmod 600，并在有人可能看过时更换主密钥。只有文件属于 root、由本进程所在的组只读（如 Kubernetes 密钥卷的 0440）时，才允许组读取。`,
    `The master key file ${path} has mode ${octal(mode)}, so others can read or change it. Run chmod 600 on it, and rotate the master key if anybody may have looked. A group may read it only where the file is root's and the group is this process's own, as in a secret volume of Kubernetes (0440).`,
  );

const verbs = { read: { zh: "读取", en: "read" }, write: { zh: "改写", en: "changed" } } as const;

/** In words where the file system says no; any other error as it is. */
function closedTo(what: keyof typeof verbs, path: string, error: unknown): unknown {
  const code = codeOf(error);
  if (code !== "EACCES" && code !== "EPERM" && code !== "EROFS") return error;
  const { zh, en } = verbs[what];
  return refusal(
    "keyring.master_key_closed",
    `主密钥文件 ${path} 不能由本进程的用户${zh}（${code}）。请用该文件的所有者执行，并以可写方式挂载其所在文件夹。`,
    `The master key file ${path} cannot be ${en} by this process's user (${code}). Run this as the file's owner, with its folder mounted so that it can be written.`,
    error,
  );
}

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, "0");

const unreadable = (path: string): OnethingError =>
  refusal(
    "keyring.master_key_unreadable",
    `主密钥文件 ${path} 内容不完整或已损坏。请从密钥备份中放回该文件。`,
    `The master key file ${path} is incomplete or damaged. Put it back from the key backup.`,
  );

export const missingVersion = (path: string, version: number): OnethingError =>
  refusal(
    "keyring.master_key_version_missing",
    `主密钥文件 ${path} 里没有第 ${version} 版主密钥，而数据库里有用它保护的数据密钥。请放回最新的主密钥文件。`,
    `The master key file ${path} lacks version ${version}, which protects data keys in the database. Put back the newest master key file.`,
  );
