// Numbered plain SQL, run once and in order. Tables belong to `<schema>_owner`, which only a migration becomes; the
// service's own role may read and write its rows and nothing else: not another schema, not the shape of its tables.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { conflict } from "@onething/kernel/errors";
import pg from "pg";
import { type Client, clientOf, identifier, withSession } from "./database.ts";

export interface MigrateOptions {
  schema: string;
  role: string;
  /** Folders named `migrations`, in the order they must run; files are numbered within each folder. */
  directories: URL[];
}

interface Migration {
  directory: string;
  number: number;
  name: string;
  checksum: string;
  sql: string;
}

/** Answers with the names of the migrations that were run now. */
export async function migrate(adminUrl: string, options: MigrateOptions): Promise<string[]> {
  const schema = identifier(options.schema);
  const wanted = await readMigrations(options.directories);
  const connection = new pg.Client({
    connectionString: withSession(adminUrl, { client_min_messages: "warning" }),
  });
  connection.on("error", () => {});
  await connection.connect();
  const client = clientOf(connection);
  try {
    // Held by the session until it ends: of two starters the second waits and then finds everything done.
    await client.simple("select pg_advisory_lock(hashtext('onething.migrate'))");
    await client.simple(prepare(schema, identifier(options.role)));
    const missing = pending(schema, wanted, await recorded(client, schema));
    for (const migration of missing) await apply(client, schema, options.role, migration);
    return missing.map(({ directory, name }) => `${directory}/${name}`);
  } finally {
    await connection.end();
  }
}

/** Everything the given folders hold, in order. Also says what a template database must be made from. */
export async function readMigrations(directories: URL[]): Promise<Migration[]> {
  return (await Promise.all(directories.map(readDirectory))).flat();
}

async function readDirectory(url: URL): Promise<Migration[]> {
  const folder = fileURLToPath(url);
  const directory = basename(folder) === "migrations" ? basename(dirname(folder)) : basename(folder);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  const migrations = await Promise.all(
    names.map(async (name): Promise<Migration> => {
      const number = /^\d{4}(?=[-_]\w)/.exec(name)?.[0];
      if (!number) throw new Error(`${directory}/${name}: a migration is named 0001_what_it_does.sql`);
      const sql = await readFile(new URL(name, `${url.href.replace(/\/$/, "")}/`), "utf8");
      const checksum = createHash("sha256").update(sql.replaceAll("\r\n", "\n")).digest("hex");
      return { directory, number: Number(number), name, checksum, sql };
    }),
  );
  migrations.forEach(({ number, name }, index) => {
    if (number !== index + 1)
      throw new Error(`${directory}/${name}: expected number ${index + 1}, without gaps or twins`);
  });
  return migrations;
}

/** Roles, schema and the list of what ran. Safe to repeat; roles are shared by all databases of a server. */
function prepare(schema: string, role: string): string {
  const owner = `${schema}_owner`;
  const createRole = (name: string) => `
    if not exists (select from pg_roles where rolname = '${name}') then
      begin create role ${name} nologin; exception when duplicate_object or unique_violation then null; end;
    end if;
    if not pg_has_role(current_user, '${name}', 'SET') then
      execute format('grant ${name} to %I', current_user);
    end if;`;
  return `
    do $$ begin ${createRole(owner)} ${createRole(role)} end $$;
    create schema if not exists ${schema} authorization ${owner};
    begin;
    set local role ${owner};
    create table if not exists ${schema}.migration (
      directory text not null,
      number integer not null,
      name text not null,
      checksum text not null,
      at timestamptz not null default now(),
      primary key (directory, number)
    );
    grant usage on schema ${schema} to ${role};
    grant select on ${schema}.migration to ${role};
    alter default privileges in schema ${schema} grant select, insert, update, delete on tables to ${role};
    alter default privileges in schema ${schema} grant usage, select on sequences to ${role};
    commit;`;
}

async function recorded(client: Client, schema: string): Promise<Map<string, string>> {
  const rows = await client.query<{ directory: string; number: number; checksum: string }>(
    `select directory, number, checksum from ${schema}.migration`,
  );
  return new Map(rows.map((row) => [`${row.directory}/${row.number}`, row.checksum]));
}

function pending(schema: string, wanted: Migration[], ran: Map<string, string>): Migration[] {
  return wanted.filter((migration) => {
    const checksum = ran.get(`${migration.directory}/${migration.number}`);
    if (checksum !== undefined && checksum !== migration.checksum) throw changed(schema, migration);
    return checksum === undefined;
  });
}

function changed(schema: string, { directory, name }: Migration) {
  return conflict(
    "migration.changed",
    `迁移文件 ${directory}/${name} 已在模式 ${schema} 中执行过，之后内容被改动。请恢复原文件，并用新编号的文件作修改。`,
    `Migration ${directory}/${name} already ran in schema ${schema} and was changed since. Restore it and put the change into a new number.`,
  );
}

/** The number goes first, so two starters without a common lock could still not both run it. */
async function apply(client: Client, schema: string, role: string, migration: Migration): Promise<void> {
  const { directory, number, name, checksum, sql } = migration;
  try {
    await client.simple(`begin; set local role ${schema}_owner; set local search_path = ${schema};
      set local onething.role = '${role}'`);
    await client.query("insert into migration (directory, number, name, checksum) values ($1, $2, $3, $4)", [
      directory,
      number,
      name,
      checksum,
    ]);
    await client.simple(sql);
    await client.simple("commit");
  } catch (error) {
    throw new Error(`migration ${directory}/${name} failed in schema ${schema}: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
