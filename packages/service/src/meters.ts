// Counters of one process: gRPC calls served, HTTP requests, commits, events … An operator reads them as they are.
import type { Meters } from "./types.ts";

export function createMeters(): Meters {
  const counts = new Map<string, number>();
  return {
    count: (name, n = 1) => {
      counts.set(name, (counts.get(name) ?? 0) + n);
    },
    read: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
