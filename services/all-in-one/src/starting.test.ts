// Processes that start before what they need: they live and wait, and leave when asked; what waiting does not mend is said
// at once. Real processes, a real PostgreSQL behind a port that opens late, and no Kafka at all.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { testDatabase } from "@onething/postgres/testing";
import { certificateFolder, makeCertificates } from "@onething/service/certificates";
import { createIssuer } from "@onething/service/tokens";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "./ports.ts";
import { schemas } from "./storage.ts";

const soon = { timeout: 50_000, interval: 50 };
const service = "licence-registry";
const closers: (() => unknown)[] = [];
let folder = "";
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-starting-"));
  await makeCertificates({ folder: join(folder, "tls"), names: [service, "front"] });
  const issuer = await createIssuer({ issuer: "https://test" });
  await writeFile(join(folder, "jwks.json"), JSON.stringify(issuer.jwks()));
  database = await testDatabase(schemas);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The database's address with another way to it. */
const at = (adminUrl: string, port: number): string => {
  const url = new URL(adminUrl);
  const user = url.searchParams.get("user") ?? (url.username || "postgres");
  return `postgres://${user}@127.0.0.1:${port}${url.pathname}`;
};

/** A port before the database: `lead` says what becomes of who connects. */
async function gate(port: number, lead: (socket: Socket) => void): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => {}));
    lead(socket);
  });
  await once(server.listen(port, "127.0.0.1"), "listening");
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await once(server.close(), "close");
  });
  return server;
}

const throughTo = (adminUrl: string) => (socket: Socket) => {
  const url = new URL(adminUrl);
  const host = url.searchParams.get("host")!;
  const there = connect(join(host, `.s.PGSQL.${url.port || url.searchParams.get("port") || "5432"}`));
  socket.pipe(there.on("error", () => socket.destroy())).pipe(socket);
};

async function begin(file: string, args: string[], more: Record<string, string>) {
  const port = await freePort();
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    env: {
      PATH: process.env.PATH,
      ONETHING_HOST: "127.0.0.1",
      ONETHING_PORT: String(port),
      ONETHING_GRPC_PORT: "0",
      ONETHING_JWKS: join(folder, "jwks.json"),
      ONETHING_KAFKA_BROKERS: "127.0.0.1:1",
      ONETHING_MASTER_KEY_FILE: join(folder, "master.json"),
      ...more,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  closers.push(() => child.kill("SIGKILL"));
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const exited = once(child, "close").then(([code]) => code as number | null);
  const ask = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(5_000) });
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as { reason?: string },
    };
  };
  const ready = async () => {
    const { status, body } = await ask("/readyz");
    return [status, body.reason];
  };
  return { child, exited, ask, ready, said: () => said };
}

const beginService = (more: Record<string, string>) =>
  begin(`../../${service}/src/main.ts`, [], {
    ONETHING_TLS: certificateFolder(join(folder, "tls"), service),
    ...more,
  });

test("a service that starts before its database lives, is not ready and says once why, and serves when it is there", async () => {
  const port = await freePort();
  const started = await beginService({ ONETHING_DATABASE_URL: at(database.adminUrl, port) });
  await vi.waitFor(async () => expect(await started.ready()).toEqual([503, "database.unavailable"]), soon);
  expect(await started.ask("/livez")).toMatchObject({ status: 200, body: { status: "alive" } });
  const other = await started.ask("/api/v1/licences");
  expect([other.status, other.headers.get("retry-after")]).toEqual([503, "2"]);

  let turnedAway = 0;
  const deaf = await gate(port, (socket) => {
    turnedAway += 1;
    socket.destroy();
  });
  await vi.waitFor(() => expect(turnedAway).toBeGreaterThan(3), soon);
  await once(deaf.close(), "close");
  await gate(port, throughTo(database.adminUrl));

  await vi.waitFor(async () => expect((await started.ready())[0]).toBe(200), soon);
  expect((await started.ask("/api/v1/licences")).status).toBe(401);
  const lines = started.said().split("\n");
  expect(lines.filter((line) => line.includes("waiting to start"))).toHaveLength(1);
  expect(lines.find((line) => line.includes("waiting to start"))).toContain("database.unavailable");
  started.child.kill("SIGTERM");
  expect(await started.exited).toBe(0);
});

test("asked to leave while it waits, it leaves at once and in good order", async () => {
  const port = await freePort();
  // It takes connections and never says a word: nobody waits for that on the way out.
  await gate(port, () => {});
  const started = await beginService({ ONETHING_DATABASE_URL: at(database.adminUrl, port) });
  await vi.waitFor(async () => expect((await started.ready())[0]).toBe(503), soon);
  const asked = performance.now();
  started.child.kill("SIGTERM");
  expect(await started.exited).toBe(0);
  expect(performance.now() - asked).toBeLessThan(5_000);
});

test("the front lives and waits for the services behind it, and leaves when asked", async () => {
  const started = await begin("./main.ts", ["front"], {
    ONETHING_TLS: certificateFolder(join(folder, "tls"), "front"),
    ONETHING_HTTP_PEERS: `${service}=127.0.0.1:1`,
    ONETHING_PEERS: `${service}=127.0.0.1:1`,
    ONETHING_JWKS: "https://127.0.0.1:1/jwks",
  });
  await vi.waitFor(async () => expect(await started.ready()).toEqual([503, "server.not_ready"]), soon);
  expect((await started.ask("/api/v1/licences")).body.reason).toBe("front.waits");
  expect((await started.ask("/livez")).status).toBe(200);
  expect(started.said()).toContain(`${service} does not answer yet`);
  started.child.kill("SIGTERM");
  expect(await started.exited).toBe(0);
});

test("what waiting does not mend ends the start at once, with words for who set it so", async () => {
  const away = at(database.adminUrl, await freePort());
  const spoilt = join(folder, "spoilt.json");
  await writeFile(spoilt, "not a key", { mode: 0o600 });
  const bare = await testDatabase([schemas.find(({ schema }) => schema === "keyring")!]);
  closers.push(() => bare.close());
  const port = await freePort();
  await gate(port, throughTo(bare.adminUrl));
  const wrong: [Record<string, string>, RegExp][] = [
    [{ ONETHING_DATABASE_URL: "mysql://127.0.0.1/x" }, /ONETHING_DATABASE_URL/],
    [
      { ONETHING_DATABASE_URL: at(bare.adminUrl, port) },
      /请先执行 onething migrate[\s\S]*run onething migrate/,
    ],
    [{ ONETHING_DATABASE_URL: `${at(bare.adminUrl, port)}-not-there` }, /拒绝登录[\s\S]*refuses the login/],
    [{ ONETHING_DATABASE_URL: away, ONETHING_MASTER_KEY_FILE: spoilt }, /主密钥[\s\S]*master key/],
    [{ ONETHING_DATABASE_URL: away, ONETHING_JWKS: join(folder, "none.json") }, /none\.json（ENOENT）/],
    [{ ONETHING_DATABASE_URL: away, ONETHING_TLS: join(folder, "none") }, /ca\.pem/],
  ];
  for (const [setting, words] of wrong) {
    const started = await beginService(setting);
    expect(await started.exited, JSON.stringify(setting)).toBe(1);
    expect(started.said()).toMatch(words);
    expect(started.said(), "no stack for whoever set it so").not.toMatch(/\n\s+at /);
  }
}, 120_000);
