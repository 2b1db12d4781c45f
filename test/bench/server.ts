// The PostgreSQL of a bench: the embedded one, with its durability settings, in a folder of its own.
import { rm } from "node:fs/promises";
import { keysBeside } from "@onething/all-in-one/config";
import { createTemporaryData, removeData } from "@onething/postgres/data-folder";
import { startEmbedded } from "@onething/postgres/embedded";

export interface BenchServer {
  url: string;
  close(): Promise<void>;
}

export async function openServer(): Promise<BenchServer> {
  const folder = await openFolder();
  const server = await startEmbedded({ dataDirectory: folder.data });
  return {
    url: server.url,
    close: async () => {
      await server.stop();
      await folder.remove();
    },
  };
}

/** A data folder that goes with its keys. */
export async function openFolder(): Promise<{ data: string; remove(): Promise<void> }> {
  const data = await createTemporaryData("onething-bench-");
  return {
    data,
    remove: async () => {
      await removeData(data);
      await rm(keysBeside(data), { recursive: true, force: true });
    },
  };
}
