// What is wrong when a process cannot start, in words for whoever starts it: a database's refusal, or a file that cannot be
// read, says little by itself. An error that says enough stays as it is.
import { forbidden, invalid, OnethingError } from "@onething/kernel/errors";
import type { Database } from "@onething/postgres/database";
import { type Keyring, type KeyringOptions, openKeyring } from "@onething/sealing/keyring";

// SQLSTATEs of a server that is there: it knows neither user nor database, or has not been prepared.
const refusedLogin = new Set(["28000", "28P01", "3D000"]);
const notPrepared = new Set(["22023", "42704", "3F000", "42P01", "42703", "42501"]);

/** That the database has what this process works with. Errors: `unavailable`, `database.refused`, `database.not_prepared`. */
export async function mustBePrepared(db: Database): Promise<void> {
  await db.query("select from migration limit 1").catch((error: unknown) => {
    throw databaseInWords(error, db);
  });
}

/** Errors: as above; `keyring.…` for a key that is not there or not the right one, which no waiting mends. */
export async function openKeyringInWords(options: KeyringOptions): Promise<Keyring> {
  return openKeyring(options).catch((error: unknown) => {
    if (error instanceof OnethingError && error.reason.startsWith("keyring."))
      throw new OnethingError("invalid", error.reason, error.public, { cause: error });
    throw databaseInWords(error, options.db);
  });
}

function databaseInWords(error: unknown, { schema }: Pick<Database, "schema">): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  const { message } = error as Error;
  const said = { internal: message, cause: error };
  if (refusedLogin.has(code))
    return forbidden(
      "database.refused",
      `数据库拒绝登录，请检查 ONETHING_DATABASE_URL 里的用户、口令和库名。数据库说：${message}`,
      `The database refuses the login; look at user, password and database in ONETHING_DATABASE_URL. It says: ${message}`,
      said,
    );
  if (notPrepared.has(code))
    return invalid(
      "database.not_prepared",
      `数据库还没有为模式 ${schema} 和角色 ${schema}_service 准备好，请先执行 onething migrate。数据库说：${message}`,
      `The database is not prepared for schema ${schema} and role ${schema}_service; run onething migrate first. It says: ${message}`,
      said,
    );
  return error;
}

export function fileInWords(error: unknown): unknown {
  const code = codeOf(error);
  const { path } = (error ?? {}) as { path?: unknown };
  if (code === undefined || typeof path !== "string") return error;
  const said = { internal: (error as Error).message, cause: error };
  return invalid(
    "file.unreadable",
    `读不到文件 ${path}（${code}）`,
    `The file ${path} cannot be read (${code})`,
    said,
  );
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof OnethingError) return undefined;
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}
