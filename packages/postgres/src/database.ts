// A pool of connections that all wear the same role and look at the same schema. The role is part of the connection's
// start-up packet, so it costs no round trip and RESET ROLE cannot take it off.
import { OnethingError, unavailable } from "@onething/kernel/errors";
import pg from "pg";
import { once } from "./once.ts";
import { typeParsers } from "./types.ts";

export interface Client {
  /** One statement. `name` makes it a prepared statement that the connection keeps. */
  query<R>(text: string, values?: readonly unknown[], name?: string): Promise<R[]>;
  /** Any number of statements in one round trip, without parameters. */
  simple(text: string): Promise<void>;
}

export interface Database {
  readonly schema: string;
  query<R>(text: string, values?: readonly unknown[], name?: string): Promise<R[]>;
  /** Lends one connection. A transaction left open is rolled back, and left open by success it is an error. */
  withClient<T>(use: (client: Client) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Role every connection takes; without it, the role that signs in. */
  role?: string;
  schema: string;
  /** Connections at most. */
  max?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;

export function openDatabase({ url, role, schema, max = 10 }: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: withSession(url, {
      search_path: identifier(schema),
      ...(role && { role: identifier(role) }),
    }),
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    pipeline: true, // statements given without waiting share a round trip; who awaits each sees no difference
    types: typeParsers,
  });
  // A connection may break while nobody uses it, or between two statements. Whoever uses it next is told by its query;
  // without a listener Node would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));

  const withClient = async <T>(use: (client: Client) => Promise<T>): Promise<T> =>
    lend(await run(() => pool.connect()), use);
  return {
    schema,
    withClient,
    query: (text, values, name) => withClient((client) => client.query(text, values, name)),
    close: once(() => pool.end()),
  };
}

async function lend<T>(connection: pg.PoolClient, use: (client: Client) => Promise<T>): Promise<T> {
  try {
    const result = await use(clientOf(connection));
    if (connection.getTransactionStatus() !== "I") throw new Error("withClient: a transaction was left open");
    connection.release();
    return result;
  } catch (error) {
    await handBack(connection);
    throw error;
  }
}

/** After a failure the connection goes back clean, or not at all. */
async function handBack(connection: pg.PoolClient): Promise<void> {
  try {
    await connection.query(""); // only after the next answer is the status that of the statement that failed
    if (connection.getTransactionStatus() !== "I") await connection.query("rollback");
    connection.release();
  } catch (error) {
    connection.release(error instanceof Error ? error : true);
  }
}

export function clientOf(connection: pg.ClientBase): Client {
  return {
    query: async <R>(text: string, values?: readonly unknown[], name?: string) =>
      (await run(() => connection.query(statement(text, values, name)))).rows as R[],
    simple: async (text) => {
      await run(() => connection.query(text));
    },
  };
}

function statement(text: string, values?: readonly unknown[], name?: string): pg.QueryConfig {
  return { text, ...(values && { values: values as unknown[] }), ...(name && { name }) };
}

/** A refusal by the database keeps its SQLSTATE; a database that cannot be reached becomes `unavailable`. */
async function run<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isConnectionLoss(error) ? lost(error) : error;
  }
}

// 08: connection exception; 57P: shutdown, crash, starting up; 53300: too many connections.
const LOST_STATE = /^(08|57P0|53300)/;
const LOST_CALL = /^(ECONN|EPIPE|ENOENT|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)/;
const LOST_WORDS =
  /Connection terminated|timeout exceeded when trying to connect|not queryable|Client was closed/;

export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof OnethingError) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return LOST_STATE.test(code) || LOST_CALL.test(code) || LOST_WORDS.test(error.message);
}

function lost(cause: unknown): OnethingError {
  return unavailable(
    "database.unavailable",
    "数据库暂时无法连接，请稍后再试。",
    "The database cannot be reached just now. Please try again shortly.",
    { internal: cause instanceof Error ? cause.message : String(cause), cause },
  );
}

/** The URL with settings that hold from the first statement on. What the URL itself asked for stays, but ours come last. */
export function withSession(url: string, settings: Record<string, string>): string {
  const parsed = new URL(url);
  const own = Object.entries({ timezone: "UTC", ...settings }).map(([name, value]) => `-c ${name}=${value}`);
  const asked = parsed.searchParams.get("options");
  parsed.searchParams.set("options", [...(asked ? [asked] : []), ...own].join(" "));
  return parsed.href;
}

/** Names of schemas and roles come from our own code; anything else would be a way to smuggle SQL. */
export function identifier(name: string): string {
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(name)) throw new Error(`not a plain lower-case SQL name: ${name}`);
  return name;
}
