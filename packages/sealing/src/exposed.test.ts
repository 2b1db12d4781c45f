import { execFile } from "node:child_process";
import { chmod, chown, copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { isExposed } from "./exposed.ts";
import { keyringBench } from "./testing.ts";

const pod = { uid: 10001, groups: [10001, 2000] };
const root = { uid: 0, groups: [0, 2000] };
const modes = [
  0o400, 0o600, 0o440, 0o640, 0o404, 0o604, 0o444, 0o644, 0o420, 0o460, 0o660, 0o620, 0o450, 0o777,
];
const accepted = (uid: number, gid: number, self: typeof pod) =>
  modes.filter((mode) => !isExposed({ uid, gid, mode: 0o100000 | mode }, self));

test("a file of one's own is for its owner alone, whatever its group", () => {
  expect(accepted(10001, 10001, pod)).toEqual([0o400, 0o600]);
  expect(accepted(0, 0, root)).toEqual([0o400, 0o600]);
  expect(accepted(0, 2000, root)).toEqual([0o400, 0o600]);
});

test("a file of root's may be read by a group of this process, and by nobody else", () => {
  expect(accepted(0, 10001, pod)).toEqual([0o400, 0o600, 0o440, 0o640]);
  expect(accepted(0, 2000, pod)).toEqual([0o400, 0o600, 0o440, 0o640]);
  expect(accepted(0, 100, pod)).toEqual([0o400, 0o600]);
});

test("a file that some other user owns and lends to a group is exposed: that user can change it", () => {
  expect(accepted(1234, 10001, pod)).toEqual([0o400, 0o600]);
});

test.skipIf(process.getuid?.() !== 0)(
  "a process that is not root reads the file as Kubernetes mounts it, and refuses it when everybody could (needs root)",
  async () => {
    const bench = await keyringBench();
    await bench.keyring();
    // In a folder that another user may enter; the test's own are closed to others.
    const folder = await mkdtemp(join(tmpdir(), "onething-master-"));
    await chmod(folder, 0o755);
    const file = join(folder, "master.json");
    await copyFile(bench.masterKeyFile, file);
    await chown(file, 0, 10001);
    const read = new URL("./master-key.ts", import.meta.url).href;
    const script = `(await import(${JSON.stringify(read)})).readMasterKey(${JSON.stringify(file)})
      .then(({ current }) => console.log(current), ({ reason }) => console.log(reason))`;
    const asPod = async (mode: number) => {
      await chmod(file, mode);
      const args = ["--input-type=module", "-e", script];
      return (await promisify(execFile)(process.execPath, args, { uid: 10001, gid: 10001 })).stdout.trim();
    };
    expect(await asPod(0o440)).toBe("1");
    expect(await asPod(0o640)).toBe("1");
    for (const mode of [0o444, 0o460, 0o644]) expect(await asPod(mode)).toBe("keyring.master_key_exposed");
    await rm(folder, { recursive: true });
    await bench.close();
  },
);
