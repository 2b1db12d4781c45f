// One real Kafka and one real Redis for the run, beside each other. What cannot be had is said once, with what would mend
// it, and its tests are skipped; where CI=true it is a failure.
import type { TestProject } from "vitest/node";
import { type Engine, EngineMissing } from "./engine.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** host:port, or empty: then `kafkaMissing` says why. */
    kafkaBrokers: string;
    kafkaMissing: string;
    redisUrl: string;
    redisMissing: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [kafka, redis] = await Promise.all([
    found(async () => (await import("./kafka.ts")).findKafka()),
    found(async () => (await import("./redis.ts")).findRedis()),
  ]);
  const engines = [kafka, redis].filter((each) => typeof each !== "string");
  const missing = [kafka, redis].filter((each) => typeof each === "string");
  const stop = async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
  };
  for (const { how } of engines) say(how);
  for (const words of missing) say(`SKIPPED: ${words}`);
  if (missing.length > 0 && process.env.CI === "true") {
    await stop();
    throw new Error(missing.join("\n"));
  }
  project.provide("kafkaBrokers", typeof kafka === "string" ? "" : kafka.url);
  project.provide("kafkaMissing", typeof kafka === "string" ? kafka : "");
  project.provide("redisUrl", typeof redis === "string" ? "" : redis.url);
  project.provide("redisMissing", typeof redis === "string" ? redis : "");
  return stop;
}

/** Words instead of an engine where there is none; any other failure is one. */
async function found(find: () => Promise<Engine>): Promise<Engine | string> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof EngineMissing) return error.message;
    throw error;
  }
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
