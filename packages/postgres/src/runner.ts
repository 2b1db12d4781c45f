// Who runs the server. PostgreSQL refuses root, so for root it runs as another user: the one who owns the data already,
// else `postgres`, else `nobody` (both by name in the password file, because initdb looks its user up).
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { unavailable } from "@onething/kernel/errors";

export interface Runner {
  uid: number;
  gid: number;
}

/** The other user to run as, or undefined where we may run it ourselves. */
export function runnerFor(cluster: string): Runner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const runner = lookUp("postgres") ?? lookUp("nobody");
  if (runner) return runner;
  throw unavailable(
    "database.no_user",
    "PostgreSQL 不能以 root 身份运行，本机也没有 postgres 或 nobody 用户。",
    "PostgreSQL does not run as root, and this machine has neither a postgres nor a nobody user.",
  );
}

function lookUp(name: string): Runner | undefined {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((one) => one.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid && gid ? { uid: Number(uid), gid: Number(gid) } : undefined;
}

/** Options of a child process that is this user and starts where everybody may stand. */
export function runAs(runner: Runner | undefined): { cwd: string; uid?: number; gid?: number } {
  return { cwd: "/", ...runner };
}

/** Whether that user can walk into a folder. The kernel answers, so access lists and odd mounts count too. */
export function reaches(runner: Runner | undefined, folder: string): boolean {
  if (!runner) return existsSync(folder);
  return spawnSync("test", ["-x", folder], { ...runAs(runner), stdio: "ignore" }).status === 0;
}

const STATE_FOLDERS = ["/var/lib/onething", "/var/tmp/onething"];

/** Whether data could have been moved there by us. */
export const isStateHome = (path: string): boolean =>
  path === resolve(path) && STATE_FOLDERS.includes(dirname(path));

/** For root only: a folder of ours that the other user can reach, wherever the checkout or the data folder lies. */
export function stateFolder(runner: Runner): string {
  for (const folder of STATE_FOLDERS) {
    try {
      mkdirSync(folder, { recursive: true });
      const { uid } = lstatSync(folder);
      if (uid !== 0) continue; // somebody else made it first
      chmodSync(folder, 0o755);
      if (reaches(runner, folder)) return folder;
    } catch {
      // read-only or not ours: the next one
    }
  }
  throw unavailable(
    "database.no_state_folder",
    `运行 PostgreSQL 的用户进不了数据目录，${join("/var/lib", "onething")} 也不可用。`,
    "The user that runs PostgreSQL can reach neither the data folder nor /var/lib/onething.",
  );
}
