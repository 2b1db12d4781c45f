// What a city for a story stands on, in whatever way it runs: a database of its own, a folder, and an ear for the log.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, readConfig } from "@onething/all-in-one/config";
import type { Play } from "@onething/all-in-one/start";
import { schemas } from "@onething/all-in-one/storage";
import { type Database, openDatabase } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import { createLog, type Log } from "@onething/service/log";

export interface CityOptions {
  play?: Play;
  /** Folder of another city. */
  catalogue?: string;
  /** More environment variables, as an operator would set them. */
  env?: Record<string, string>;
}

export interface Ground {
  /** As an operator would have set it, for what looks at the data beside the platform. */
  config: Config;
  /** What the story set of the environment. */
  env: Record<string, string>;
  /** Folder of whatever is kept beside the database. */
  folder: string;
  /** Superuser's look into the database, for tests that search or spoil it. */
  admin: Database;
  /** At its most talkative. */
  log: Log;
  /** Takes what was logged: lines with their ends. */
  hear(lines: string): void;
  /** Everything that was logged so far. */
  logged(): string;
  close(): Promise<void>;
}

export async function openGround({ catalogue, env = {} }: CityOptions): Promise<Ground> {
  const database = await testDatabase(schemas);
  const folder = await mkdtemp(join(tmpdir(), "onething-city-"));
  const heard: string[] = [];
  const hear = (lines: string) => void heard.push(lines);
  const admin = openDatabase({ url: database.adminUrl, schema: "casewindow", max: 2 });
  return {
    config: {
      ...readConfig({
        ONETHING_DATA: join(folder, "data"),
        ONETHING_REGISTER_RETRY_MS: "200",
        ONETHING_LOG_LEVEL: "debug",
        ...env,
      }),
      databaseUrl: database.adminUrl,
      ...{ port: 0, grpcPort: 0 },
      ...(catalogue ? { catalogue } : {}),
    },
    ...{ env, folder, admin, hear },
    log: createLog({ service: "all-in-one", level: "debug", to: { write: hear } }),
    logged: () => heard.join(""),
    close: async () => {
      await admin.close();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
