// A data folder, a server on it and another process that owns one, all gone when the test ends.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import { createTemporaryData, removeData } from "./data-folder.ts";
import { type EmbeddedServer, startEmbedded } from "./embedded.ts";

export const cleanups: (() => Promise<void>)[] = [];

/** What a test began ends with it, last things first. */
export async function cleanUp(): Promise<void> {
  for (const clean of cleanups.splice(0).reverse()) await clean();
}

export async function folder(): Promise<string> {
  const path = await createTemporaryData("onething-embedded-");
  cleanups.push(() => removeData(path));
  return path;
}

export async function start(dataDirectory: string, log?: (line: string) => void): Promise<EmbeddedServer> {
  const server = await startEmbedded({ dataDirectory, log });
  cleanups.push(server.stop);
  return server;
}

export async function sql<R>(url: string, text: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

export const write = (url: string) =>
  sql(url, "create table kept (what text); insert into kept values ('acknowledged')");
export const kept = (url: string) => sql<{ what: string }>(url, "select what from kept");
export const acknowledged = [{ what: "acknowledged" }];

const EMBEDDED = JSON.stringify(pathToFileURL(join(import.meta.dirname, "embedded.ts")).href);
const OWNER = `
  import { startEmbedded } from ${EMBEDDED};
  const server = await startEmbedded({ dataDirectory: process.argv[1] }).catch((error) => ({ url: error.reason }));
  console.log(server.url);
  setInterval(() => {}, 1000);`;

/** Another onething process: what it says is the URL of its server, or the reason why it has none. */
export async function ownerProcess(dataDirectory: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", OWNER, dataDirectory], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  cleanups.push(() => kill(child));
  const [said] = await once(child.stdout!, "data");
  return { child, said: String(said).trim() };
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  process.kill(-child.pid!, "SIGKILL");
  await gone;
}
