// A Java that runs Kafka: the machine's, or the distribution's package in the project's cache.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { unpackedPackages } from "./debian.ts";

export interface Java {
  file: string;
  env: NodeJS.ProcessEnv;
  how: string;
}

/** Kafka 4 asks for this one or a later one. */
const OLDEST = 17;
const MEND = `install Java ${OLDEST} or later (JAVA_HOME or PATH)`;

export async function findJava(env: NodeJS.ProcessEnv = process.env): Promise<Java> {
  const files = [...(env.JAVA_HOME ? [join(env.JAVA_HOME, "bin/java")] : []), "java"];
  for (const file of files) {
    const version = await versionOf(file, env);
    if (version >= OLDEST) return { file, env: {}, how: `this machine's Java ${version}` };
  }
  const program = "usr/lib/jvm/default-java/bin/java";
  const { root, env: libraries } = await unpackedPackages({
    name: "java",
    packages: ["default-jre-headless"],
    probe: [program, "-version"],
    mend: MEND,
  });
  return { file: join(root, program), env: libraries, how: "the distribution's Java, unpacked" };
}

/** 0 where there is none. It says its version on standard error: `openjdk version "17.0.15" 2025-04-15`. */
async function versionOf(file: string, env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { stderr } = await promisify(execFile)(file, ["-version"], { env, timeout: 20_000 });
    return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
