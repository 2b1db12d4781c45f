// The server process of our own, where the run's Redis is one: it ends with its owner, however that ended.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { needed } from "./engine.ts";
import { findRedis } from "./redis.ts";

const OWNER = `
  import { findRedis } from ${JSON.stringify(join(import.meta.dirname, "redis.ts"))};
  const { url, pid } = await findRedis({ own: true });
  console.log(JSON.stringify({ url, pid }));
  setInterval(() => {}, 1000);`;

function listens(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.unref();
  });
}

test("a Redis of ours goes when its owner is killed, even while it is paused", async ({ skip }) => {
  await (await needed(findRedis({ own: true }), skip)).stop();
  const owner = spawn(process.execPath, ["--input-type=module", "-e", OWNER], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface(owner.stdout), "line")) as [string];
  const { url, pid } = JSON.parse(line) as { url: string; pid: number };
  try {
    expect(await listens(url)).toBe(true);
    process.kill(pid, "SIGSTOP");
  } finally {
    owner.kill("SIGKILL");
    await once(owner, "exit");
  }
  const end = Date.now() + 5_000;
  while ((await listens(url)) && Date.now() < end) await sleep(20);
  expect(await listens(url)).toBe(false);
});
