// A database of its own for every suite, cloned from a template: one template per distinct set of migrations, made once
// per run by whichever worker needs it first.
import { createHash, randomBytes } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { type Database, openDatabase, withSession } from "./database.ts";
import { migrate, readMigrations } from "./migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Superuser URL of the one server that the runner's global set-up started. */
    postgresUrl: string;
  }
}

export interface TestSpec {
  schema: string;
  directories: URL[];
}

export interface TestDatabase {
  /** The first schema's database, in its service's role. */
  db: Database;
  dbs: Record<string, Database>;
  /** Superuser URL of this suite's database. */
  adminUrl: string;
  close(): Promise<void>;
}

const CONNECTIONS = 8;

export const serviceRole = (schema: string): string => `${schema}_service`;

export async function testDatabase(spec: TestSpec | TestSpec[]): Promise<TestDatabase> {
  const specs = Array.isArray(spec) ? spec : [spec];
  const server = inject("postgresUrl");
  const template = await templateFor(server, specs);
  const name = `test_${randomBytes(8).toString("hex")}`;
  await admin(server, (client) => client.query(`create database ${name} template ${template}`));

  const adminUrl = urlOf(server, name);
  const dbs: Record<string, Database> = {};
  for (const { schema } of specs) {
    dbs[schema] = openDatabase({ url: adminUrl, role: serviceRole(schema), schema, max: CONNECTIONS });
  }
  return {
    db: dbs[specs[0]!.schema]!,
    dbs,
    adminUrl,
    async close() {
      await Promise.all(Object.values(dbs).map((db) => db.close()));
      await admin(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** A template is made under another name and renamed when whole, so one that broke half-way is never cloned. */
async function templateFor(server: string, specs: TestSpec[]): Promise<string> {
  const name = await templateName(specs);
  await admin(server, async (client) => {
    await client.query("select pg_advisory_lock(hashtext($1))", [name]);
    const { rowCount } = await client.query("select from pg_database where datname = $1", [name]);
    if (rowCount) return;
    await client.query(`drop database if exists ${name}_new with (force)`);
    await client.query(`create database ${name}_new`);
    for (const { schema, directories } of specs) {
      await migrate(urlOf(server, `${name}_new`), { schema, role: serviceRole(schema), directories });
    }
    await client.query(`alter database ${name}_new rename to ${name}`);
  });
  return name;
}

async function templateName(specs: TestSpec[]): Promise<string> {
  const hash = createHash("sha256");
  for (const { schema, directories } of specs) {
    const files = await readMigrations(directories);
    hash.update(
      JSON.stringify([schema, files.map(({ directory, name, checksum }) => [directory, name, checksum])]),
    );
  }
  return `template_${hash.digest("hex").slice(0, 16)}`;
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

async function admin<T>(server: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: withSession(server, {}) });
  client.on("error", () => {});
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
