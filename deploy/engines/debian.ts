// Programs of the distribution (Debian and its kin) for tests, without installing them: the packages that this machine
// lacks are downloaded and unpacked into the project's cache. No root, no change to the system, no second download.
import { execFile } from "node:child_process";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { withLock } from "../set-up-lock.mjs";
import { EngineMissing } from "./engine.ts";

export const cacheFolder = join(import.meta.dirname, "../../.cache/engines");

export interface Wanted {
  /** Names the folder in the cache. */
  name: string;
  /** What to download; dependencies come along where the machine lacks them. */
  packages: string[];
  /** A program below the unpacked root, and arguments with which it ends well if everything it needs is there. */
  probe: [program: string, ...args: string[]];
  /** What a person could do instead. */
  mend: string;
  /** Another cache than the project's. */
  cache?: string;
}

export interface Unpacked {
  /** Where the packages' files lie: `join(root, "usr/bin/…")`. */
  root: string;
  /** For the programs' environment: their libraries lie there, too. */
  env: { LD_LIBRARY_PATH: string };
  /** One line: where it came from. */
  how: string;
}

const DOWNLOAD_LIMIT_MS = 300_000;
const PROBE_LIMIT_MS = 20_000;

/** A copy of another system than this one is not looked at. */
export async function unpackedPackages(wanted: Wanted): Promise<Unpacked> {
  const cache = join(wanted.cache ?? cacheFolder, "debian");
  const root = join(cache, `${wanted.name}-${systemName()}`);
  return withLock(`${root}.lock`, quiet, async () => {
    if (existsSync(root) && (await probe(root, wanted)) === undefined) return unpacked(root, wanted);
    await mkdir(cache, { recursive: true });
    const part = await mkdtemp(join(cache, `${wanted.name}.new-`));
    try {
      await fetchInto(part, wanted);
      const failure = await probe(join(part, "root"), wanted);
      if (failure)
        throw new EngineMissing(`The unpacked ${wanted.name} does not run: ${failure}.`, wanted.mend);
      await rm(root, { recursive: true, force: true });
      await rename(join(part, "root"), root);
    } finally {
      await rm(part, { recursive: true, force: true });
    }
    return unpacked(root, wanted);
  });
}

function quiet(): void {}

async function fetchInto(part: string, wanted: Wanted): Promise<void> {
  const debs = join(part, "debs");
  const root = join(part, "root");
  await Promise.all([mkdir(debs), mkdir(root)]);
  await download(debs, wanted);
  for (const file of readdirSync(debs).filter((name) => name.endsWith(".deb"))) {
    await run("dpkg-deb", ["-x", join(debs, file), root], part, wanted);
  }
  await turnLinksInwards(root, root);
}

/** The system's own package lists first; where they are absent or out of date, fresh ones in a folder of our own. */
async function download(folder: string, wanted: Wanted): Promise<void> {
  const ownLists = [
    "-o",
    `Dir::State::lists=${join(folder, "lists")}`,
    "-o",
    `Dir::Cache=${join(folder, "cache")}`,
  ];
  try {
    await downloadWith([], folder, wanted);
  } catch {
    await Promise.all(
      ["lists/partial", "cache/archives/partial"].map((each) =>
        mkdir(join(folder, each), { recursive: true }),
      ),
    );
    await run("apt-get", [...ownLists, ...careful, "update"], folder, wanted);
    await downloadWith(ownLists, folder, wanted);
  }
}

/** Runs as whoever we are (root's apt would change to a user who cannot write here), and gives up within reason. */
const careful = [
  ...["-q", "-o", "APT::Sandbox::User=root", "-o", "Debug::NoLocking=1"],
  ...["-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20"],
];

async function downloadWith(options: string[], folder: string, wanted: Wanted): Promise<void> {
  const simulate = ["install", "--simulate", "--no-install-recommends", ...wanted.packages];
  const plan = await run("apt-get", [...options, ...careful, ...simulate], folder, wanted);
  await run(
    "apt-get",
    [...options, ...careful, "download", ...lacking(plan, wanted.packages)],
    folder,
    wanted,
  );
}

/** Of apt's plan, what is new here: what it would only bring up to date (the C library at worst) is there already. */
export function lacking(plan: string, asked: string[]): string[] {
  const fresh = plan.split("\n").flatMap((line) => /^Inst (\S+) \(/.exec(line)?.[1] ?? []);
  return [...new Set([...asked, ...fresh])];
}

/** A package's absolute links mean the system's root; here they must stay in ours. */
async function turnLinksInwards(folder: string, root: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const entry = lstatSync(path);
    if (entry.isDirectory()) await turnLinksInwards(path, root);
    const target = entry.isSymbolicLink() ? readlinkSync(path) : "";
    if (!target.startsWith("/") || !exists(join(root, target))) continue;
    await rm(path);
    await symlink(relative(dirname(path), join(root, target)), path);
  }
}

const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

function unpacked(root: string, { packages }: Wanted): Unpacked {
  const how = `the distribution's ${packages.join(", ")}, unpacked in ${root}`;
  return { root, env: { LD_LIBRARY_PATH: libraries(root).join(":") }, how };
}

function libraries(root: string): string[] {
  const folders = ["usr/lib", "lib"].map((each) => join(root, each)).filter(existsSync);
  const perMachine = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /-linux-gnu/.test(entry.name))
      .map((entry) => join(folder, entry.name)),
  );
  return [...perMachine, ...folders];
}

/** What is wrong with it, if anything. */
async function probe(root: string, wanted: Wanted): Promise<string | undefined> {
  const [program, ...args] = wanted.probe;
  const env = { ...process.env, ...unpacked(root, wanted).env };
  try {
    await promisify(execFile)(join(root, program), args, { env, timeout: PROBE_LIMIT_MS });
    return undefined;
  } catch (error) {
    return lastLines(error);
  }
}

async function run(program: string, args: string[], cwd: string, wanted: Wanted): Promise<string> {
  const env = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };
  const limits = { timeout: DOWNLOAD_LIMIT_MS, maxBuffer: 16_000_000 };
  try {
    return (await promisify(execFile)(program, args, { cwd, env, ...limits })).stdout;
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === "ENOENT";
    const reason = absent ? `this system has no ${program}` : lastLines(error);
    throw new EngineMissing(`No packages ${wanted.packages.join(", ")} to unpack: ${reason}.`, wanted.mend);
  }
}

function lastLines(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string };
  const lines = (stderr?.trim() || message).split("\n").filter((line) => !line.startsWith("W: "));
  return lines.slice(-3).join(" · ");
}

/** Libraries of one release do not fit another's. */
function systemName(): string {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const field = (name: string) => new RegExp(`^${name}="?([\\w.-]+)`, "m").exec(release)?.[1] ?? "unknown";
  return `${field("ID")}-${field("VERSION_ID")}-${process.arch}`;
}
