import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testDatabase } from "@onething/postgres/testing";
import { keyringMigrations } from "@onething/sealing/keyring";
import { expect, test } from "vitest";
import { readConfig } from "./config.ts";
import { migrations, schema } from "./service.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test("the service starts as a process of its own, publishes its folder, and stops cleanly", async () => {
  const database = await testDatabase([
    { schema, directories: migrations },
    { schema: "keyring", directories: [keyringMigrations] },
  ]);
  const folder = await mkdtemp(join(tmpdir(), "onething-catalogue-"));
  const child = spawn(process.execPath, [here("main.ts")], {
    env: {
      PATH: process.env.PATH,
      ONETHING_DATABASE_URL: database.adminUrl,
      ONETHING_MASTER_KEY: join(folder, "master.json"),
      ONETHING_CATALOGUE: here("../../../deploy/sample-city"),
      ONETHING_GRPC: "127.0.0.1:0",
      ONETHING_HTTP_PORT: "0",
      ONETHING_JWKS: "http://127.0.0.1:9/jwks",
      ONETHING_ISSUER: "test",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  for await (const chunk of child.stderr) {
    said += chunk;
    if (said.includes("is published")) break;
  }
  const { http } = JSON.parse(said.trim().split("\n").at(-1)!);
  expect((await fetch(`${http}/readyz`)).status).toBe(200);
  expect((await fetch(`${http}/api/v1/bundles`)).status).toBe(401);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  await database.close();
  await rm(folder, { recursive: true });
});

test("a missing setting is named", () => {
  expect(() => readConfig({})).toThrow(/ONETHING_CATALOGUE/);
});
