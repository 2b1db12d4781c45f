// The data is lost and put back from a physical copy that was taken beside the running platform: what was there is there, and
// a new case finishes. (A dump would not do: readers go by transaction ids.)
import { execFile } from "node:child_process";
import { chown, cp, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Config, keysBeside, readConfig } from "@onething/all-in-one/config";
import { openDoor } from "@onething/all-in-one/demo/door";
import { type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { type Running, run } from "@onething/all-in-one/start";
import { verifyData } from "@onething/all-in-one/verify";
import { createTemporaryData, removeData } from "@onething/postgres/data-folder";
import { openDatabase } from "@onething/postgres/database";
import { afterAll, expect, test } from "vitest";

const copy = promisify(execFile);
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) {
    await removeData(folder);
    await rm(keysBeside(folder), { recursive: true, force: true });
  }
});

async function newFolder(): Promise<string> {
  const folder = await createTemporaryData("onething-restore-");
  folders.push(folder);
  return folder;
}

const configOf = (data: string): Config => ({ ...readConfig({ ONETHING_DATA: data }), port: 0, grpcPort: 0 });
const begin = (data: string): Promise<Running> => run(configOf(data), { delayMs: [1, 10] });
const birth = (running: Running): Promise<Played> => play(running, scriptOf(running, "birth"));

/** As an operator's tool does it: the files as they are, the log of what happened meanwhile, and the label between them. */
async function backUp(
  running: Running,
  from: string,
  to: string,
  meanwhile: () => Promise<void>,
): Promise<void> {
  const [cluster, kept] = [join(from, "cluster"), join(to, "cluster")];
  const admin = openDatabase({ url: running.storage.url, schema: "public", max: 1 });
  try {
    await admin.withClient(async (client) => {
      await client.query("select pg_backup_start('story', true)");
      await copy("cp", ["-a", cluster, kept]);
      await meanwhile();
      const [end] = await client.query<{ labelfile: string }>("select labelfile from pg_backup_stop(false)");
      const label = join(kept, "backup_label");
      await writeFile(label, end!.labelfile, { mode: 0o600 });
      const { uid, gid } = await stat(kept);
      await chown(label, uid, gid);
    });
  } finally {
    await admin.close();
  }
  await copy("cp", ["-a", join(cluster, "pg_wal"), kept]);
  for (const own of ["postmaster.pid", "postmaster.opts"]) await rm(join(kept, own), { force: true });
  // The keys are kept elsewhere, and put back from there.
  await cp(keysBeside(from), keysBeside(to), { recursive: true });
}

test("after a restore from a copy taken at work, old cases are read, verify is content, and a new case finishes", async () => {
  const [from, to] = [await newFolder(), await newFolder()];
  const before = await begin(from);
  const cases: Played[] = [await birth(before)];
  await backUp(before, from, to, async () => {
    cases.push(await birth(before));
  });
  await before.stop();
  await removeData(from);

  const after = await begin(to);
  try {
    const mother = after.platform.sample.accounts.find((each) => each.username === cases[0]!.script.by)!;
    const { username, password } = mother;
    const { token } = await openDoor(after.platform.url).post<{ token: string }>("/api/v1/sessions", {
      username,
      password,
    });
    for (const { case: old } of cases)
      expect(await openDoor(after.platform.url, token).get(`/api/v1/cases/${old.id}`)).toMatchObject({
        number: old.number,
        outcome: "all_granted",
      });
    const fresh = await birth(after);
    expect(fresh.case.outcome).toBe("all_granted");
    expect(cases.map((each) => each.case.number)).not.toContain(fresh.case.number);
  } finally {
    await after.stop();
  }
  expect((await verifyData(configOf(to))).violations).toEqual([]);
}, 120_000);
