// Kafka's own files: its jars and theirs, pinned by version and SHA-256 in kafka-jars.json. Maven brings them where the
// machine has it, since it knows the machine's mirrors and proxies; else they are fetched from the public repository.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { withLock } from "../set-up-lock.mjs";
import { cacheFolder } from "./debian.ts";
import { EngineMissing } from "./engine.ts";

export interface JarOptions {
  env?: NodeJS.ProcessEnv;
  /** Another cache than the project's. */
  cache?: string;
  /** `group:artifact:version` → SHA-256. */
  pinned?: Record<string, string>;
}

const listFile = join(import.meta.dirname, "kafka-jars.json");
const PUBLIC_REPOSITORY = "https://repo.maven.apache.org/maven2";
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
const MEND =
  "give this machine Maven or a way to a Maven repository (MAVEN_REPOSITORY_URL), or set KAFKA_BROKERS";
const MAVEN_LIMIT_MS = 300_000;
const FETCH_LIMIT_MS = 120_000;
const ATTEMPTS = 4;
const AT_ONCE = 8;

/** The folder that holds exactly the pinned jars; several who ask at once get the same. */
export async function jarFolder(options: JarOptions = {}): Promise<string> {
  const pinned = options.pinned ?? (JSON.parse(readFileSync(listFile, "utf8")) as Record<string, string>);
  const cache = options.cache ?? cacheFolder;
  const key = createHash("sha256").update(JSON.stringify(pinned)).digest("hex").slice(0, 12);
  const folder = join(cache, `kafka-${key}`);
  if (existsSync(folder)) return folder;
  return withLock(
    `${folder}.lock`,
    () => {},
    async () => {
      if (existsSync(folder)) return folder;
      const part = await mkdtemp(join(cache, "kafka.new-"));
      try {
        await bring(part, Object.keys(pinned), options.env ?? process.env);
        await check(part, pinned);
        await rename(part, folder);
      } finally {
        await rm(part, { recursive: true, force: true });
      }
      return folder;
    },
  );
}

async function bring(folder: string, jars: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const noMaven = env.MAVEN_REPOSITORY_URL ? "not asked" : await byMaven(folder, jars, env);
  if (noMaven === undefined) return;
  const repository = (env.MAVEN_REPOSITORY_URL ?? PUBLIC_REPOSITORY).replace(/\/+$/, "");
  const left = [...jars];
  const worker = async () => {
    for (let jar = left.pop(); jar; jar = left.pop())
      await writeFile(join(folder, fileOf(jar)), await download(`${repository}/${pathOf(jar)}`));
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  } catch (error) {
    throw new EngineMissing(`Kafka's jars cannot be had: ${wordsOf(error)}; Maven: ${noMaven}.`, MEND);
  }
}

/** Why not, if it could not. */
async function byMaven(folder: string, jars: string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const project = await mkdtemp(`${folder}-pom-`);
  try {
    await writeFile(join(project, "pom.xml"), pomOf(jars));
    const args = ["-q", "-B", COPY, "-DexcludeTransitive=true", `-DoutputDirectory=${folder}`];
    await promisify(execFile)("mvn", args, { cwd: project, env, timeout: MAVEN_LIMIT_MS });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "not on this machine";
    const { stdout } = error as { stdout?: string };
    return /\[ERROR\] (.*)/.exec(stdout ?? "")?.[1] ?? wordsOf(error);
  } finally {
    await rm(project, { recursive: true, force: true });
  }
}

function pomOf(jars: string[]): string {
  const dependencies = jars.map((jar) => {
    const [group, artifact, version] = jar.split(":");
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
    <groupId>onething</groupId><artifactId>kafka</artifactId><version>1</version>
    <dependencies>${dependencies.join("\n")}</dependencies></project>`;
}

async function download(url: string): Promise<Buffer> {
  for (let attempt = 1; ; attempt++) {
    const last = attempt === ATTEMPTS;
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) });
      if (response.ok) return Buffer.from(await response.arrayBuffer());
      // What a repository refuses it will refuse again.
      if (last || response.status < 500)
        throw new EngineMissing(`${response.status} for ${new URL(url).pathname}`, MEND);
    } catch (error) {
      if (last || error instanceof EngineMissing) throw error;
    }
    await sleep(500 * 2 ** attempt);
  }
}

/** Exactly these files with exactly these bytes, whoever brought them. */
async function check(folder: string, pinned: Record<string, string>): Promise<void> {
  const wanted = new Map(Object.entries(pinned).map(([jar, sha]) => [fileOf(jar), sha]));
  for (const name of readdirSync(folder)) {
    const sha = createHash("sha256")
      .update(await readFile(join(folder, name)))
      .digest("hex");
    if (wanted.get(name) !== sha) throw new EngineMissing(`${name} is not the file that is pinned.`, MEND);
    wanted.delete(name);
  }
  if (wanted.size > 0) throw new EngineMissing(`Not there: ${[...wanted.keys()].join(", ")}.`, MEND);
}

const fileOf = (jar: string): string => {
  const [, artifact, version] = jar.split(":");
  return `${artifact}-${version}.jar`;
};

const pathOf = (jar: string): string => {
  const [group, artifact, version] = jar.split(":");
  return `${group!.replaceAll(".", "/")}/${artifact}/${version}/${fileOf(jar)}`;
};

function wordsOf(error: unknown): string {
  if (error instanceof EngineMissing) return error.reason;
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
}
