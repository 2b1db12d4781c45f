// The wire that is cut, slowed down and left half-open, against a door that says everything back.
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stretchWire, type Wire } from "./scaled/proxy.ts";

let door: Server;
let port: number;
let wire: Wire;
const sockets = new Set<Socket>();
beforeEach(async () => {
  door = createServer((socket) => socket.on("error", () => {}).pipe(socket));
  await once(door.listen(0, "127.0.0.1"), "listening");
  port = (door.address() as AddressInfo).port;
  wire = await stretchWire(toDoor);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await wire.close();
  door.close();
});

const toDoor = () => ({ host: "127.0.0.1", port });

function dial(): Socket {
  const socket = connect(wire.port, "127.0.0.1").on("error", () => {});
  sockets.add(socket);
  return socket;
}

async function open(): Promise<Socket> {
  const socket = dial();
  await once(socket, "connect");
  return socket;
}

async function saidBack(socket: Socket, text: string): Promise<string> {
  let heard = "";
  socket.write(text);
  while (heard.length < text.length) heard += String((await once(socket, "data"))[0]);
  return heard;
}

const ended = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });

test("whole, it passes everything on in its order, and the end too", async () => {
  const socket = await open();
  const text = "一件事".repeat(300_000);
  const heard: Buffer[] = [];
  socket.on("data", (piece) => heard.push(piece)).end(text);
  await once(socket, "end");
  expect(Buffer.concat(heard).toString()).toBe(text);
});

test("cut, it resets who is there and who comes; healed, it takes new ones", async () => {
  const socket = await open();
  expect(await saidBack(socket, "one")).toBe("one");
  wire.cut();
  await ended(socket);
  await ended(dial());
  wire.heal();
  expect(await saidBack(await open(), "two")).toBe("two");
});

test("slow, it delays every piece both ways and keeps the order", async () => {
  wire.slow(30);
  const socket = await open();
  const from = performance.now();
  expect(await saidBack(socket, "one")).toBe("one");
  expect(performance.now() - from).toBeGreaterThan(55);
  const pieces = Array.from({ length: 10 }, (_, i) => String(i));
  for (const piece of pieces.slice(0, -1)) socket.write(piece);
  let heard = "";
  socket.write(pieces.at(-1)!);
  while (heard.length < pieces.length) heard += String((await once(socket, "data"))[0]);
  expect(heard).toBe(pieces.join(""));
});

test("half-open, it takes everything and says nothing; healed, what lost something is reset and the rest lives", async () => {
  const [silent, busy] = [await open(), await open()];
  expect(await saidBack(silent, "one")).toBe("one");
  expect(await saidBack(busy, "one")).toBe("one");
  wire.halfOpen();
  const fresh = await open();
  let heard = "";
  for (const each of [busy, fresh]) {
    each.on("data", (piece) => {
      heard += piece;
    });
    await new Promise((resolve) => each.write("lost", resolve));
  }
  await expect.poll(() => wire.lost()).toBe(2);
  wire.heal();
  await Promise.all([ended(busy), ended(fresh)]);
  expect(heard).toBe("");
  expect(await saidBack(silent, "two")).toBe("two");
});

test("a door that is not there is a connection that is reset", async () => {
  door.close();
  await ended(dial());
  expect(wire.open()).toBe(0);
});

test("it stands before a Unix socket too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "wire-"));
  const path = join(folder, "door");
  const unix = await stretchWire(toDoor, { path });
  const socket = connect(path);
  expect(await saidBack(socket, "one")).toBe("one");
  unix.cut();
  await ended(socket);
  await unix.close();
  await rm(folder, { recursive: true });
});
