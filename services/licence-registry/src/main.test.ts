import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { journalMigrations } from "@onething/journal/journal";
import { testDatabase } from "@onething/postgres/testing";
import { keyringMigrations } from "@onething/sealing/keyring";
import { createIssuer } from "@onething/service/tokens";
import { expect, test } from "vitest";
import { migrations, schema } from "./service.ts";
import { citizen } from "./test-registry.ts";

test("as a process of its own the registry opens its doors, knows its callers, and stops when told to", async () => {
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  const database = await testDatabase([
    { schema, directories: migrations },
    { schema: "keyring", directories: [keyringMigrations] },
    { schema: "approval", directories: [journalMigrations] },
  ]);
  const issuer = await createIssuer({ issuer: "test" });
  const keys = createServer((_, answer) => answer.end(JSON.stringify(issuer.jwks()))).listen(0, "127.0.0.1");
  await once(keys, "listening");
  const child = spawn(process.execPath, [fileURLToPath(new URL("./main.ts", import.meta.url))], {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      ONETHING_DATABASE_URL: database.adminUrl,
      ONETHING_MASTER_KEY: join(folder, "master.json"),
      ONETHING_GRPC: "127.0.0.1:0",
      ONETHING_HTTP_PORT: "0",
      ONETHING_JWKS: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/`,
      ONETHING_ISSUER: "test",
      ONETHING_SERVICE_TOKEN: "unused",
    },
  });
  try {
    const url = await opened(child);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await fetch(`${url}/api/v1/licences`)).status).toBe(401);
    const authorization = `Bearer ${await issuer.sign(citizen("p-1"), 60)}`;
    const answer = await fetch(`${url}/api/v1/licences`, { headers: { authorization } });
    expect(await answer.json()).toEqual({ licences: [], nextCursor: null });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  } finally {
    child.kill("SIGKILL");
    keys.close();
    await database.close();
    await rm(folder, { recursive: true });
  }
});

/** Address of the HTTP door, once the log says that it is open. */
async function opened(child: ChildProcess): Promise<string> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr! })) {
    lines.push(line);
    const { http } = line.startsWith("{") ? (JSON.parse(line) as { http?: string }) : {};
    if (http) return http;
  }
  throw new Error(`it never opened:\n${lines.join("\n")}`);
}
