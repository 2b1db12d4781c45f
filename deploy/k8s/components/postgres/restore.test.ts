// restore.sh over folders that look like PostgreSQL's; that PostgreSQL then starts on them is shown by .ci/images.
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const script = join(import.meta.dirname, "restore.sh");
const segment = "000000010000000000000002";
let root: string;
const at = (...path: string[]) => join(root, ...path);
const put = (path: string, text: string) => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};
const read = (path: string) => readFileSync(at(path), "utf8");
const restore = (env: Record<string, string> = {}) =>
  spawnSync("bash", [script], {
    env: { PATH: process.env.PATH, PGDATA: at("pg/18/docker"), BACKUPS: at("backups"), ...env },
    encoding: "utf8",
  });
const copy = (name: string, text: string) => {
  put(`backups/${name}/backup_label`, name);
  put(`backups/${name}/base/1/table`, text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "restore-"));
  copy("base-20261124T183000Z", "Tuesday");
  copy("base-20261125T183000Z", "Wednesday");
  put(`backups/log/${segment}.partial`, "since");
  put("pg/18/docker/base/1/table", "broken");
});
afterEach(() => rmSync(root, { recursive: true }));

test("the newest copy takes the place of what lay there, which is kept, with the log to replay up to its last piece", () => {
  const { status, stdout } = restore({ UNTIL: "2026-11-26 08:00:00+08" });
  expect([status, stdout]).toEqual([
    0,
    `restored ${at("backups/base-20261125T183000Z")} until 2026-11-26 08:00:00+08: start PostgreSQL\n`,
  ]);
  expect(read("pg/18/docker/base/1/table")).toBe("Wednesday");
  expect(read(`pg/18/docker/log-to-replay/${segment}`)).toBe("since");
  expect(read("pg/18/docker/postgresql.auto.conf")).toContain(
    "recovery_target_time = '2026-11-26 08:00:00+08'",
  );
  const kept = readdirSync(at("pg/18")).find((name) => name.startsWith("docker.before-"));
  expect(read(`pg/18/${kept}/base/1/table`)).toBe("broken");
});

test("a second try has nothing of what the first one left, whatever copy that was and wherever it ended", () => {
  put("pg/18/docker.new/base/1/only-in-another-copy", "Tuesday");
  put("pg/18/docker.new/postgresql.auto.conf", "recovery_target_time = 'of the first try'");
  put(`pg/18/docker.new/log-to-replay/${segment}`, "half");
  expect(restore().status).toBe(0);
  expect(readdirSync(at("pg/18/docker/base/1"))).toEqual(["table"]);
  expect(read("pg/18/docker/postgresql.auto.conf")).not.toContain("of the first try");
  expect(read(`pg/18/docker/log-to-replay/${segment}`)).toBe("since");
  expect(existsSync(at("pg/18/docker.new"))).toBe(false);
});

test("a try that ended when the old data was out of the way, and the new not in its place, is finished by the next", () => {
  execFileSync("mv", [at("pg/18/docker"), at("pg/18/docker.before-20261126T000000Z")]);
  expect(restore().status).toBe(0);
  expect(read("pg/18/docker/base/1/table")).toBe("Wednesday");
  expect(read("pg/18/docker.before-20261126T000000Z/base/1/table")).toBe("broken");
});

test("after a restore another one changes nothing until it is told of which log, and then takes the other copy", () => {
  restore();
  const again = restore();
  expect([again.status, again.stderr]).toEqual([1, expect.stringContaining("no log")]);
  expect(read("pg/18/docker/base/1/table")).toBe("Wednesday");
  const before = readdirSync(at("backups")).find((name) => name.startsWith("log-before-"));
  const other = restore({ COPY: at("backups/base-20261124T183000Z"), LOG: at("backups", before!) });
  expect([other.status, read("pg/18/docker/base/1/table")]).toEqual([0, "Tuesday"]);
  expect(read(`pg/18/docker/log-to-replay/${segment}`)).toBe("since");
});

test("nothing is touched while PostgreSQL runs, without a copy, or when old data, new data and log do not fit", () => {
  put("pg/18/docker/postmaster.pid", "1");
  expect(restore().stderr).toContain("PostgreSQL runs");
  rmSync(at("pg/18/docker/postmaster.pid"));
  expect(restore({ COPY: at("backups/base-of-no-day") }).stderr).toContain("no copy");
  put("bin/df", "#!/bin/sh\necho Avail; echo 0\n");
  execFileSync("chmod", ["+x", at("bin/df")]);
  const full = restore({ PATH: `${at("bin")}:${process.env.PATH}` });
  expect([full.status, full.stderr]).toEqual([1, expect.stringContaining("no room")]);
  expect(read("pg/18/docker/base/1/table")).toBe("broken");
  expect(existsSync(at("backups/log"))).toBe(true);
});
