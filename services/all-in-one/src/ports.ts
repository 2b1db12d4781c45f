// Where the doors listen. A port that somebody else has is said before anything is started or made.
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { conflict } from "@onething/kernel/errors";

/**
 * A free port: peers must know the address before the server has it, and while it is started again. So it lies below those
 * the system hands out to whoever asks for any, which may be a connection of anybody's.
 */
export async function freePort(): Promise<number> {
  for (let left = 100; ; left--) {
    try {
      return await listenOnce(randomInt(...handPicked), "127.0.0.1");
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

const handPicked = [12_000, 32_000] as const;

/** Refuses with words; 0 is always free. Whoever takes the port just after is still refused by the server itself. */
export async function mustBeFree(port: number, host: string, variable: string): Promise<void> {
  if (port === 0) return;
  await listenOnce(port, host).catch((error: unknown) => {
    throw portTaken(error, port, variable);
  });
}

const listenOnce = (port: number, host: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

export function portTaken(error: unknown, port: number, variable: string): unknown {
  const text = error instanceof Error ? error.message : "";
  if (/EACCES/.test(text))
    return conflict(
      "start.port_forbidden",
      `没有权限使用端口 ${port}。请用 ${variable} 换一个 1024 以上的端口`,
      `Port ${port} may not be used by this user; choose one above 1024 with ${variable}`,
      { cause: error },
    );
  if (/EADDRNOTAVAIL|ENOTFOUND|EAI_AGAIN/.test(text))
    return conflict(
      "start.no_such_host",
      "ONETHING_HOST 不是本机的地址",
      "ONETHING_HOST is no address of this machine",
      { cause: error },
    );
  if (!/EADDRINUSE|address already in use|No address added/i.test(text)) return error;
  return conflict(
    "start.port_taken",
    `端口 ${port} 已被占用。请停掉占用它的程序，或用 ${variable} 换一个端口`,
    `Port ${port} is taken. Stop what uses it, or choose another with ${variable}`,
    { cause: error },
  );
}

export const urlHost = (host: string): string => (host.includes(":") ? `[${host}]` : host);

/** Where a server that listens on `host` is called from this machine. */
export const reachable = (host: string): string =>
  host === "0.0.0.0" || host === "::" ? "127.0.0.1" : urlHost(host);
