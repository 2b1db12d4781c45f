// The PostgreSQL of a bench: the embedded one, with its durability settings, in a folder of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbedded } from "@onething/postgres/embedded";

export interface BenchServer {
  url: string;
  close(): Promise<void>;
}

export async function openServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), "onething-bench-data-"));
  const server = await startEmbedded({ dataDirectory: join(folder, "data") });
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
