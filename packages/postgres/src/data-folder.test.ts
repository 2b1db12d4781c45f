import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createTemporaryData, holdsData, placeData, removeData } from "./data-folder.ts";

const prefix = `onething-folder-${process.pid}-`;

/** A temporary folder that says who took it, and how long ago. */
async function taken(owner: { pid: number; started: string }, minutesAgo: number): Promise<string> {
  const folder = await createTemporaryData(prefix);
  const file = join(folder, "owner.json");
  writeFileSync(file, JSON.stringify(owner));
  const then = new Date(Date.now() - minutesAgo * 60_000);
  utimesSync(file, then, then);
  return folder;
}

test("what a killed run left in the temporary folder is removed after an hour; what stopped well or is young stays", async () => {
  const gone = { pid: 999_999_999, started: "1" };
  const young = await taken(gone, 30);
  const stopped = await createTemporaryData(prefix);
  const old = await taken(gone, 90);
  const next = await createTemporaryData(prefix);
  expect([old, young, stopped].map(existsSync)).toEqual([false, true, true]);
  for (const folder of [young, stopped, next]) await removeData(folder);
});

test("a file that says the data lies elsewhere is followed only to where we move data ourselves", async () => {
  const folder = await createTemporaryData(prefix);
  const bystander = await createTemporaryData(prefix);
  mkdirSync(join(bystander, "cluster"));
  for (const elsewhere of [bystander, "/var/lib/onething/../../../tmp", "/var/lib/onething/.."]) {
    writeFileSync(join(folder, "moved-to"), `${elsewhere}\n`);
    expect(placeData(folder).home).toBe(folder);
    expect(holdsData(folder)).toBe(false);
  }
  await removeData(folder);
  expect(existsSync(join(bystander, "cluster"))).toBe(true);
  await removeData(bystander);
});

test("asking or removing makes no folder", async () => {
  const folder = await createTemporaryData(prefix);
  const absent = join(folder, "absent");
  expect(holdsData(absent)).toBe(false);
  await removeData(absent);
  expect(existsSync(absent)).toBe(false);
  await removeData(folder);
});

test("a path that cannot be a folder is refused in words", async () => {
  const folder = await createTemporaryData(prefix);
  writeFileSync(join(folder, "file"), "");
  expect(() => placeData(join(folder, "file", "data"))).toThrow("cannot be used");
  await removeData(folder);
});
