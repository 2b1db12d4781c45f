// Settings of the operator's commands; each reads those it needs.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { invalid } from "@onething/kernel/errors";
import { addresses, kafkaPlace } from "@onething/service/config";
import { fieldProblems, words } from "@onething/service/field-words";
import { z } from "zod";
import { sampleCity } from "../config.ts";

const settings = {
  databaseUrl: ["ONETHING_DATABASE_URL", z.url({ protocol: /^postgres(ql)?$/ })],
  masterKeyFile: ["ONETHING_MASTER_KEY_FILE", z.string().min(1)],
  brokers: ["ONETHING_KAFKA_BROKERS", kafkaPlace.ONETHING_KAFKA_BROKERS],
  kafkaTls: ["ONETHING_KAFKA_TLS", kafkaPlace.ONETHING_KAFKA_TLS],
  kafkaUser: ["ONETHING_KAFKA_USER", kafkaPlace.ONETHING_KAFKA_USER],
  kafkaPasswordFile: ["ONETHING_KAFKA_PASSWORD_FILE", kafkaPlace.ONETHING_KAFKA_PASSWORD_FILE],
  /** Of a new topic; one that is there keeps what it has. */
  partitions: ["ONETHING_TOPIC_PARTITIONS", z.coerce.number().int().min(1).max(1000).default(6)],
  /** Copies of a new topic: 3 where three brokers run. */
  replication: ["ONETHING_TOPIC_REPLICATION", z.coerce.number().int().min(1).max(10).default(1)],
  catalogue: [
    "ONETHING_CATALOGUE",
    z
      .string()
      .default(sampleCity)
      .transform((text) => resolve(text))
      .refine(existsSync, words("文件夹不存在", "names a folder that is not there")),
  ],
  peers: ["ONETHING_PEERS", addresses],
  tls: ["ONETHING_TLS", z.string().min(1)],
} as const satisfies Record<string, readonly [string, z.ZodType]>;

type Settings = { [K in keyof typeof settings]: z.output<(typeof settings)[K][1]> };

/** Reads the settings named. Errors: `config.invalid`, which names each that is missing or wrong. */
export function readSettings<K extends keyof Settings>(...names: K[]): Pick<Settings, K> {
  const shape = Object.fromEntries(names.map((name) => settings[name]));
  const parsed = z.object(shape).safeParse(process.env);
  if (!parsed.success) {
    const fields = fieldProblems(parsed.error, process.env);
    throw invalid("config.invalid", "环境变量有误：", "The environment is not right:", { fields });
  }
  const values = parsed.data as Record<string, unknown>;
  return Object.fromEntries(names.map((name) => [name, values[settings[name][0]]])) as Pick<Settings, K>;
}

/** Whether processes are reached by certificates (scaled) or one process on this machine by its own key. */
export const isScaled = (): boolean => process.env.ONETHING_TLS !== undefined;
