// A server that is our child: it has a session of its own, never keeps us from ending, and does not outlive us.
import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, createServer } from "node:net";

// Reads from a pipe that its owner holds open. A line means "stopped in good order"; its end means that the owner is gone,
// however it went, and takes the server along, which may be paused.
const WATCHDOG = 'read -r word && exit 0; kill -KILL "$1" 2>/dev/null; [ -z "$2" ] || rm -rf "$2"';

/** `folder` is removed with the server, where its owner did not come to it. */
export function watch(server: ChildProcess, folder = ""): void {
  const args = ["-c", WATCHDOG, "onething-watchdog", String(server.pid), folder];
  const watchdog = spawn("/bin/sh", args, { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  watchdog.on("error", () => {});
  watchdog.stdin?.on("error", () => {});
  server.unref();
  watchdog.unref();
  (watchdog.stdin as { unref?: () => void } | null)?.unref?.();
  server.once("exit", () => watchdog.stdin?.end("stopped\n"));
}

export const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

/** Free at this moment: whoever listens there may find it taken, and asks again. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
