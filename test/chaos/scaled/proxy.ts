// A wire that we can cut, slow down and leave half-open: stands before one door, on TCP or on a Unix socket.
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from "node:net";

export interface Wire {
  /** Where it listens; 0 on a Unix socket. */
  port: number;
  /** Resets every connection, and each new one, until healed. */
  cut(): void;
  /** What goes through waits that long, each way, with as much again by chance. */
  slow(delayMs: number): void;
  /** Both ends see an open connection, and what they write is lost. */
  halfOpen(): void;
  /** Connections that lost something are reset. */
  heal(): void;
  /** Connections that are open just now. */
  open(): number;
  /** Those of them that have lost something. */
  lost(): number;
  close(): Promise<void>;
}

interface Pair {
  ends: Socket[];
  lost: boolean;
}

type State = { is: "whole" | "cut" | "half-open"; delayMs: number };

/** `target` is asked at each connection: what lies behind may have moved. */
export async function stretchWire(target: () => NetConnectOpts, at: { path?: string } = {}): Promise<Wire> {
  const pairs = new Set<Pair>();
  let state: State = { is: "whole", delayMs: 0 };

  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const pair: Pair = { ends: [near], lost: false };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      for (const each of pair.ends) reset(each);
    };
    near.on("error", end).on("close", end);
    if (state.is === "cut") return end();
    if (state.is === "half-open") {
      pair.lost = true;
      near.resume();
      return;
    }
    const far = connect({ ...target(), allowHalfOpen: true, noDelay: true });
    pair.ends.push(far);
    far.on("error", end).on("close", end);
    carry(near, far, pair, () => state);
    carry(far, near, pair, () => state);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    if (at.path) server.listen(at.path, resolve);
    else server.listen(0, "127.0.0.1", resolve);
  });
  const resetThose = (which: (pair: Pair) => boolean) => {
    for (const pair of [...pairs].filter(which)) for (const each of pair.ends) reset(each);
  };
  return {
    port: at.path ? 0 : (server.address() as AddressInfo).port,
    cut: () => {
      state = { is: "cut", delayMs: 0 };
      resetThose(() => true);
    },
    slow: (delayMs) => {
      state = { is: "whole", delayMs };
    },
    halfOpen: () => {
      state = { is: "half-open", delayMs: 0 };
    },
    heal: () => {
      state = { is: "whole", delayMs: 0 };
      resetThose((pair) => pair.lost);
    },
    open: () => pairs.size,
    lost: () => [...pairs].filter((pair) => pair.lost).length,
    close: () => {
      state = { is: "cut", delayMs: 0 };
      resetThose(() => true);
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** One piece at a time, so what is slow keeps its order. */
function carry(from: Socket, to: Socket, pair: Pair, state: () => State): void {
  const pass = (write: () => boolean) => {
    if (to.destroyed) return;
    if (write()) from.resume();
    else to.once("drain", () => from.resume());
  };
  from.on("data", (piece) => {
    const { is, delayMs } = state();
    if (is === "half-open") {
      pair.lost = true;
      return;
    }
    from.pause();
    if (delayMs === 0) return pass(() => to.write(piece));
    setTimeout(() => pass(() => to.write(piece)), delayMs * (1 + Math.random()));
  });
  from.on("end", () => {
    if (state().is === "half-open") pair.lost = true;
    else to.end();
  });
}

/** As a broken wire ends a connection; a Unix socket knows no reset. */
function reset(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.remoteFamily) socket.resetAndDestroy();
  else socket.destroy();
}
