// Where everything is kept: one PostgreSQL with a schema and a role for each service, and the keyring.
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import * as approval from "@onething/approval-workflow/service";
import * as caseWindow from "@onething/case-window/service";
import * as catalog from "@onething/item-catalog/service";
import { refold } from "@onething/journal/refold";
import { notFound, OnethingError, unavailable } from "@onething/kernel/errors";
import * as licence from "@onething/licence-registry/service";
import { holdsData, runningUrl } from "@onething/postgres/data-folder";
import { type Database, openDatabase } from "@onething/postgres/database";
import { type EmbeddedServer, startEmbedded } from "@onething/postgres/embedded";
import { migrate } from "@onething/postgres/migrate";
import { type Keyring, keyringMigrations, openKeyring } from "@onething/sealing/keyring";
import * as verification from "@onething/verification/service";
import { keysBeside } from "./config.ts";

const parts = {
  keyring: { schema: "keyring", migrations: [keyringMigrations], kinds: [] },
  catalog,
  licence,
  verification,
  approval,
  casewindow: caseWindow,
} satisfies Record<string, { schema: string; migrations: URL[]; kinds: readonly object[] }>;

export type Part = keyof typeof parts;

/** Every schema of the platform with its migrations, for a test that brings its own database. */
export const schemas = Object.entries(parts).map(([schema, part]) => ({
  schema,
  directories: part.migrations,
}));

export interface Storage {
  dbs: Record<Part, Database>;
  keyring: Keyring;
  /** Where the database is reached, for processes of our own. */
  url: string;
  masterKeyFile: string;
  /** Folder of keys, beside the data and in no backup of it. */
  keys: string;
  /** Said once at the start: where the data lies if not in the folder named. */
  note: string | undefined;
  /** Ends when the embedded server does, asked or not; never for a server that is not ours. */
  exited: Promise<void>;
  close(): Promise<void>;
}

interface StorageOptions {
  data: string;
  databaseUrl: string | undefined;
  log?: (line: string) => void;
}

/** Starts the database if it is ours to start, brings its schemas up to date, opens the keyring. */
export async function openStorage({ data, databaseUrl, log }: StorageOptions): Promise<Storage> {
  const server = databaseUrl
    ? undefined
    : await startEmbedded({ dataDirectory: data, ...(log ? { log } : {}) });
  try {
    return await dress(server?.url ?? databaseUrl!, data, server);
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

/** Every schema up to date, and where one was changed its states as today's law folds them; answers with their names. */
export async function migrateAll(url: string): Promise<string[]> {
  for (const [schema, { migrations, kinds }] of Object.entries(parts)) {
    const ran = await migrate(url, { schema, role: roleOf(schema), directories: migrations });
    if (ran.length === 0 || kinds.length === 0) continue;
    const db = openDatabase({ url, role: roleOf(schema), schema, max: 1 });
    await refold(db, kinds).finally(() => db.close());
  }
  return Object.keys(parts);
}

async function dress(url: string, data: string, server: EmbeddedServer | undefined): Promise<Storage> {
  await migrateAll(url).catch((error: unknown) => {
    throw server ? error : notUsable(error);
  });
  const dbs = openAll(url);
  const keys = keysBeside(data);
  await mkdir(keys, { recursive: true, mode: 0o700 });
  const masterKeyFile = join(keys, "master.json");
  const keyring = await openKeyring({ db: dbs.keyring, masterKeyFile });
  return {
    ...{ url, dbs, keyring, keys, masterKeyFile },
    note: server?.note,
    exited: server?.exited ?? new Promise(() => {}),
    close: async () => {
      await keyring.close();
      await Promise.all(Object.values(dbs).map((db) => db.close()));
      await server?.stop();
    },
  };
}

/** Somebody else's server, in its own words; the URL is not repeated, it may hold a password. */
export function notUsable(cause: unknown): OnethingError {
  if (cause instanceof OnethingError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return unavailable(
    "config.database",
    `ONETHING_DATABASE_URL 指向的数据库不能使用：${why}`,
    `The database that ONETHING_DATABASE_URL names cannot be used: ${why}`,
    { cause },
  );
}

const roleOf = (schema: string): string => `${schema}_service`;

const openAll = (url: string): Record<Part, Database> =>
  Object.fromEntries(
    Object.keys(parts).map((schema) => [schema, openDatabase({ url, role: roleOf(schema), schema, max: 8 })]),
  ) as Record<Part, Database>;

export interface ForVerify {
  dbs: Record<Part, Database>;
  /** Whether a platform runs on it just now; of a server that is not ours it cannot be said. */
  running: boolean;
  close(): Promise<void>;
}

/** Opens the data for reading only, beside a running platform or without one. Nothing is made, migrated or repaired. */
export async function openForVerify(options: StorageOptions): Promise<ForVerify> {
  const { data, databaseUrl } = options;
  if (!databaseUrl && !holdsData(data)) throw noData(data);
  const running = databaseUrl ?? runningUrl(data);
  const server = running ? undefined : await startEmbedded({ dataDirectory: data });
  const url = running ?? server!.url;
  const dbs = openAll(url);
  const close = async () => {
    await Promise.all(Object.values(dbs).map((db) => db.close()));
    await server?.stop();
  };
  try {
    if (!(await isDressed(url))) throw noData(databaseUrl ? "ONETHING_DATABASE_URL" : data);
  } catch (error) {
    await close();
    throw error;
  }
  return { dbs, running: !databaseUrl && running !== undefined, close };
}

/** Whether every schema has been made; not in another database, nor where a first start was killed at once. */
async function isDressed(url: string): Promise<boolean> {
  const admin = openDatabase({ url, schema: "public", max: 1 });
  const services = Object.keys(parts).filter((part) => part !== "keyring");
  try {
    const found = await admin.query(
      "select from pg_tables where tablename = 'feed_cursor' and schemaname = any($1::text[])",
      [services],
    );
    return found.length === services.length;
  } finally {
    await admin.close();
  }
}

const noData = (where: string) =>
  notFound(
    "verify.no_data",
    `这里还没有平台的数据：${where}。请先启动一次平台，或用 ONETHING_DATA 指定数据目录`,
    `There is no data of the platform at ${where}. Start the platform first, or name its folder in ONETHING_DATA`,
  );

/** A short name for a piece of configuration, to see whether it has changed. */
export const digestOf = (value: unknown): string =>
  createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
