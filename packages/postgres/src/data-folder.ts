// Where the data of a wanted folder really lies. Root runs the server as another user; where that user cannot reach the
// folder (a 0700 home above it), the data gets a home under the system's state folder, and a file says which.
import { randomBytes } from "node:crypto";
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { conflict, forbidden } from "@onething/kernel/errors";
import { ownedSince, ownerOf } from "./owner.ts";
import { makeWay, readPostmaster } from "./postmaster.ts";
import { isStateHome, type Runner, reaches, runnerFor, stateFolder } from "./runner.ts";

export interface DataHome {
  /** Our own folder: who owns it, the server's log, the cluster. */
  home: string;
  /** PostgreSQL's data directory. A server of another major version refuses it by itself. */
  cluster: string;
  runner: Runner | undefined;
  /** Said once to the person who starts it, when the data could not be where it was wanted. */
  note?: string;
}

const MOVED = "moved-to";
const WANTED = "wanted-at";
const CLUSTER = "cluster";

export function placeData(wanted: string): DataHome {
  const folder = made(wanted);
  const moved = movedTo(folder);
  if (moved) return homeAt(madeReachable(moved), folder);
  const here = homeAt(folder);
  if (!here.runner || reaches(here.runner, folder)) return here;
  // The folder itself is ours to open for passing through; those above it are not.
  chmodSync(folder, 0o711);
  if (reaches(here.runner, folder)) return here;
  // Not derived from the path alone: a folder that was removed and made anew must not find the old data.
  const name = `${basename(folder).replace(/[^\w.-]+/g, "_")}-${randomBytes(6).toString("hex")}`;
  const home = join(stateFolder(here.runner), name);
  writeFileSync(join(folder, MOVED), `${home}\n`, { flush: true });
  syncFolder(folder);
  madeReachable(home);
  writeFileSync(join(home, WANTED), `${folder}\n`);
  return homeAt(home, folder);
}

/** The URL of the server that runs on this folder just now, in whichever process; undefined when none does. */
export function runningUrl(wanted: string): string | undefined {
  if (!existsSync(wanted)) return undefined;
  const folder = realpathSync(wanted);
  const { home, cluster } = homeAt(movedTo(folder) ?? folder);
  const postmaster = ownerOf(home) === undefined ? undefined : readPostmaster(cluster);
  return postmaster?.ready ? urlOf(postmaster.socketFolder) : undefined;
}

/** Whether a server was ever started on this folder. Makes nothing. */
export function holdsData(wanted: string): boolean {
  if (!existsSync(wanted)) return false;
  const folder = realpathSync(wanted);
  return existsSync(join(movedTo(folder) ?? folder, CLUSTER));
}

/** Superuser URL of the server behind a socket. */
export const urlOf = (socketFolder: string): string =>
  `postgres:///postgres?user=postgres&host=${encodeURIComponent(socketFolder)}`;

/**
 * A fresh folder for a run that keeps nothing; unlike other temporary folders it can be passed through. Removes what
 * earlier runs of that name left when they were killed.
 */
export async function createTemporaryData(prefix: string): Promise<string> {
  const parent = tmpdir();
  for (const name of readdirSync(parent).filter((one) => one.startsWith(prefix))) {
    if (isAbandoned(join(parent, name))) await removeData(join(parent, name)).catch(() => {});
  }
  const folder = await mkdtemp(join(parent, prefix));
  chmodSync(folder, 0o711);
  return folder;
}

const ABANDONED_AFTER_MS = 60 * 60 * 1000;

/** Ours, and owned by a process that is gone: one that stopped in good order names no owner any more. */
function isAbandoned(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  const home = movedTo(folder) ?? folder;
  const since = ownedSince(home);
  return since !== undefined && Date.now() - since > ABANDONED_AFTER_MS && ownerOf(home) === undefined;
}

/** Removes a data folder for good, also where its data had to move. */
export async function removeData(wanted: string): Promise<void> {
  if (!existsSync(wanted)) return;
  const folder = realpathSync(wanted);
  const home = movedTo(folder) ?? folder;
  if (ownerOf(home) !== undefined) {
    throw conflict(
      "data.in_use",
      `数据目录 ${wanted} 正在使用，不能删除。`,
      `The data folder ${wanted} is in use and cannot be removed.`,
    );
  }
  // A server that outlived its owner would go on writing while we remove.
  await makeWay(join(home, CLUSTER), () => {});
  for (const each of new Set([home, folder])) rmSync(each, { recursive: true, force: true });
}

function homeAt(home: string, wanted?: string): DataHome {
  const cluster = join(home, CLUSTER);
  return { home, cluster, runner: runnerFor(cluster), ...(wanted && { note: noteOf(wanted, home) }) };
}

function noteOf(wanted: string, home: string): string {
  return `PostgreSQL's user cannot reach ${wanted}, so the data lies in ${home} (数据库用户进不了该目录，数据放在后者)`;
}

/** Only to where we move data ourselves: what stands in a file must not make root follow it anywhere else. */
function movedTo(folder: string): string | undefined {
  const file = join(folder, MOVED);
  const home = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return isStateHome(home) ? home : undefined;
}

function made(wanted: string): string {
  const path = resolve(wanted);
  try {
    const first = mkdirSync(path, { recursive: true });
    if (first && process.getuid?.() === 0) openUp(first, path);
    accessSync(path, constants.W_OK | constants.X_OK);
    return realpathSync(path);
  } catch (cause) {
    throw notUsable(path, cause);
  }
}

function notUsable(path: string, cause: unknown) {
  return forbidden(
    "data.not_writable",
    `无法使用数据目录 ${path}。请检查权限，或用 ONETHING_DATA 指定别的目录。`,
    `The data folder ${path} cannot be used. Check its permissions, or name another folder with ONETHING_DATA.`,
    { cause },
  );
}

/** Folders that root just made can be passed through whatever its umask; those that were there stay as they are. */
function openUp(first: string, last: string): void {
  for (let each = last; each.length >= first.length; each = dirname(each)) chmodSync(each, 0o755);
}

/** A name given to a file outlives a power cut only after its folder is synced. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  fsyncSync(handle);
  closeSync(handle);
}

function madeReachable(home: string): string {
  try {
    mkdirSync(home, { recursive: true });
    chmodSync(home, 0o711);
    return home;
  } catch (cause) {
    throw notUsable(home, cause); // moved there by root, started by somebody else
  }
}
