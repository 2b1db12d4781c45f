// Mutual TLS and replicas, with real certificates, servers and clients.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AskResponse, RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { afterAll, beforeAll, expect, test } from "vitest";
import { certificateFolder, makeCertificates } from "./certificates.ts";
import { grpcClient } from "./client.ts";
import { createMeters } from "./meters.ts";
import { closers, log, refusal } from "./rpc.fixture.ts";
import { type RpcContext, rpc, startGrpcServer } from "./rpc.ts";
import { departmentName } from "./tls.ts";
import type { Caller } from "./types.ts";

let folder = "";
const of = (name: string) => certificateFolder(folder, name);
const police = departmentName("police");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-证 书-"));
  await makeCertificates({ folder, names: ["case-window", "item-catalog", "Strange Name", police] });
  await makeCertificates({ folder: join(folder, "foreign"), names: ["case-window"] });
});
afterAll(() => rm(folder, { recursive: true }));

type Seen = (context: RpcContext) => Promise<void> | void;

async function serve(seen: Seen = () => {}, address = "127.0.0.1:0") {
  const door = rpc(
    RegisterServiceDefinition,
    {
      ask: async (_, context) => {
        await seen(context);
        return AskResponse.create();
      },
    },
    { allow: ["department", "service"] },
  );
  const server = await startGrpcServer({
    doors: [door],
    deps: {
      authenticate: () => Promise.reject(new Error("no token counts here")),
      log,
      meters: createMeters(),
    },
    address,
    tls: of("item-catalog"),
  });
  closers.push(() => server.stop(500));
  return server;
}

function client(address: string, as: string, name: string | undefined = "item-catalog") {
  const opened = grpcClient(RegisterServiceDefinition, address, {
    deadlineMs: 5_000,
    tls: { folder: as, ...(name ? { name } : {}) },
  });
  closers.push(() => opened.close());
  return opened;
}

test("a caller is who its certificate names, whatever it says of itself", async () => {
  const callers: Caller[] = [];
  const { address } = await serve(({ caller }) => void callers.push(caller));
  const { Metadata } = await import("nice-grpc-common");
  await client(address, of("case-window")).ask({});
  await client(address, of(police)).ask(
    {},
    { metadata: Metadata({ "onething-peer": "case-window", authorization: "Bearer x" }) },
  );
  expect(callers).toEqual([
    { sub: "case-window", role: "service" },
    { sub: "police-system", role: "department", department: "police" },
  ]);
});

test("a certificate of another authority, of a strange name, or none at all gets nobody in", async () => {
  const { address } = await serve(() => {
    throw new Error("somebody got in");
  });
  for (const tls of [{ folder: join(folder, "foreign", "case-window") }, undefined]) {
    const stranger = grpcClient(RegisterServiceDefinition, address, {
      deadlineMs: 2_000,
      ...(tls ? { tls } : {}),
    });
    closers.push(() => stranger.close());
    expect(await refusal(stranger.ask({}))).toMatchObject({ code: "unavailable" });
  }
  expect(await refusal(client(address, of("Strange Name")).ask({}))).toMatchObject({
    reason: "certificate.unknown",
  });
});

test("a server that is another service than the one called is not believed", async () => {
  const { address } = await serve();
  expect(await refusal(client(address, of("case-window"), "licence-registry").ask({}))).toMatchObject({
    code: "unavailable",
  });
  await client(address, of("case-window"), undefined).ask({});
});

test("replicas share the calls, and while one leaves under load no call is lost or doubled", async () => {
  const counts = [0, 0];
  const both = await Promise.all([serve(() => void counts[0]!++), serve(() => void counts[1]!++)]);
  const { ask } = client(both.map((server) => server.address).join(","), of("case-window"));
  let sent = 0;
  while (counts.includes(0) && sent < 200) {
    await ask({});
    sent++;
  }
  expect(counts).not.toContain(0);
  const until = both[0]!.stop().then(() => "left" as const);
  const callers = Array.from({ length: 8 }, async () => {
    for (let i = 0; i < 50; i++) {
      await ask({});
      sent++;
    }
  });
  await Promise.all(callers);
  expect(await until).toBe("left");
  expect(counts[0]! + counts[1]!).toBe(sent);
  await ask({});
});

test("replicas are listed by name as well as by address, and one whose name nobody knows takes nothing from the others", async () => {
  const counts = [0, 0];
  const both = await Promise.all([serve(() => void counts[0]!++), serve(() => void counts[1]!++)]);
  const named = both.map(({ port }) => `localhost:${port}`);
  // Whom the certificate names is asked for first; then the host called, which it names too.
  for (const name of ["item-catalog", ""]) {
    counts.fill(0);
    const { ask } = client([...named, "nobody.invalid:1"].join(","), of("case-window"), name);
    for (let sent = 0; counts.includes(0) && sent < 200; sent++) await ask({});
    expect(counts, name || "the host called").not.toContain(0);
  }
  const lost = client("nobody.invalid:1,nobody.invalid:2", of("case-window"));
  expect(await refusal(lost.ask({}))).toMatchObject({ code: "unavailable" });
});

test("a new certificate is taken up without a restart", async () => {
  const serials: string[] = [];
  const server = await serve();
  const tls = await import("node:tls");
  const look = () =>
    new Promise<void>((resolve, reject) => {
      const [cert, key, ca] = ["cert.pem", "key.pem", "ca.pem"].map((file) =>
        readFileSync(join(of("case-window"), file)),
      );
      const socket = tls.connect(
        {
          port: server.port,
          host: "127.0.0.1",
          cert,
          key,
          ca,
          servername: "item-catalog",
          ALPNProtocols: ["h2"],
        },
        () => {
          serials.push(socket.getPeerCertificate().serialNumber);
          socket.destroy();
          resolve();
        },
      );
      socket.once("error", reject);
    });
  await look();
  await makeCertificates({ folder, names: ["item-catalog"] });
  const lookAgain = async () => {
    await look();
    return new Set(serials).size;
  };
  await expect.poll(lookAgain, { timeout: 10_000, interval: 200 }).toBe(2);
});
