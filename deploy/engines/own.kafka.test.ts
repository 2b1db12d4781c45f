// The broker of our own: it ends with its owner, and comes back in its folder with its port and its data.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, inject, test, vi } from "vitest";
import { processOf } from "../../packages/postgres/src/processes.ts";
import { EngineMissing } from "./engine.ts";
import { startBroker } from "./kafka-broker.ts";

const OWNER = `
  import { startBroker } from ${JSON.stringify(join(import.meta.dirname, "kafka-broker.ts"))};
  const { pid } = await startBroker({ folder: process.argv[1], temporary: true });
  console.log(pid);
  setInterval(() => {}, 1000);`;

const temporary = () => mkdtempSync(join(tmpdir(), "onething-broker-"));

test.skipIf(!inject("kafkaBrokers"))(
  "goes when its owner is killed, even while it is paused",
  async ({ skip }) => {
    const folder = temporary();
    const owner = spawn(process.execPath, ["--input-type=module", "-e", OWNER, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const first = await Promise.race([once(createInterface(owner.stdout), "line"), once(owner, "exit")]);
    const pid = Number(first[0]);
    if (owner.exitCode !== null) return skip("a broker of our own cannot be had here");
    process.kill(pid, "SIGSTOP");
    owner.kill("SIGKILL");
    await vi.waitFor(() => expect(processOf(pid)).toBeUndefined(), { timeout: 10_000 });
    await vi.waitFor(() => expect(existsSync(folder)).toBe(false), { timeout: 10_000 });
  },
);

test.skipIf(!inject("kafkaBrokers"))(
  "is found again at its port after it was killed or stopped",
  async ({ skip }) => {
    const folder = temporary();
    const first = await startBroker({ folder }).catch((error: unknown) => {
      if (error instanceof EngineMissing) return undefined;
      throw error;
    });
    if (!first) return skip("a broker of our own cannot be had here");
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    const again = await startBroker({ folder });
    expect(again.url).toBe(first.url);
    await again.stop();
    expect(processOf(again.pid)).toBeUndefined();
    rmSync(folder, { recursive: true, force: true });
  },
);
