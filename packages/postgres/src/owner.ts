// One process owns a data folder. A small file says which, by number and start time, so that a number handed out again
// is not mistaken for the owner, and what a killed owner left behind does not lock anybody out.
import { randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { conflict } from "@onething/kernel/errors";
import { processOf, until } from "./processes.ts";

interface Owner {
  pid: number;
  started: string;
}

const fileOf = (home: string): string => join(home, "owner.json");

// An owner that is just stopping may finish.
const PATIENCE_MS = 2_000;

/** Takes the folder or refuses; gives back how to let go of it. */
export async function takeOwnership(home: string): Promise<() => void> {
  const file = fileOf(home);
  const mine = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, started: processOf(process.pid)?.started ?? "" }));
  try {
    if (await until(() => linked(mine, file) || dropStale(file), PATIENCE_MS))
      return () => rmSync(file, { force: true });
    throw inUse(home, ownerOf(home));
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Removes the file of an owner that is gone. Never an answer in itself: the next try must win the link. */
function dropStale(file: string): false {
  const seen = read(file);
  if (seen !== undefined && !aliveOwner(seen)) setAside(file, seen);
  return false;
}

/** The process that runs on this folder now, if any. */
export function ownerOf(home: string): number | undefined {
  return aliveOwner(read(fileOf(home)))?.pid;
}

/** When the folder was taken by the owner that is named, alive or not. */
export function ownedSince(home: string): number | undefined {
  return statSync(fileOf(home), { throwIfNoEntry: false })?.mtimeMs;
}

/** A hard link is made whole or not at all, so of two takers one wins. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Another taker may have replaced the dead owner's file since we read it: then it is put back. */
function setAside(file: string, seen: string): void {
  const aside = `${file}.${process.pid}.${randomBytes(4).toString("hex")}.old`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (read(aside) !== seen) linked(aside, file);
  rmSync(aside, { force: true });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function aliveOwner(text: string | undefined): Owner | undefined {
  const owner = parse(text);
  return owner && processOf(owner.pid)?.started === owner.started ? owner : undefined;
}

/** A file cut short by a crash names nobody. */
function parse(text: string | undefined): Owner | undefined {
  try {
    return text ? (JSON.parse(text) as Owner) : undefined;
  } catch {
    return undefined;
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

function inUse(home: string, pid = 0) {
  return conflict(
    "data.in_use",
    `数据目录 ${home} 正由另一个 onething 进程（进程号 ${pid}）使用。请先停止它，或用 ONETHING_DATA 指定别的目录。`,
    `The data folder ${home} is in use by another onething process (pid ${pid}). Stop it first, or name another folder with ONETHING_DATA.`,
  );
}
