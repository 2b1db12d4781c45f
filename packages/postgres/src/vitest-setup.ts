// One real server for the whole test run, in a temporary folder and with the same durability as in production.
import type { TestProject } from "vitest/node";
import { createTemporaryData, removeData } from "./data-folder.ts";
import { startEmbedded } from "./embedded.ts";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await createTemporaryData("onething-test-");
  const server = await startEmbedded({ dataDirectory });
  project.provide("postgresUrl", server.url);
  return async () => {
    await server.stop();
    await removeData(dataDirectory);
  };
}
