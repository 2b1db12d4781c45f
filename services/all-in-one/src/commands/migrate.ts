// `onething migrate`: brings every schema up to date, once, under a lock. Safe to repeat; runs before the services start.
import { migrateAll, notUsable } from "../storage.ts";
import { readSettings } from "./config.ts";

export async function runMigrate(): Promise<number> {
  const schemas = await migrateAll(readSettings("databaseUrl").databaseUrl).catch((error: unknown) => {
    throw notUsable(error);
  });
  console.log(`数据库结构已是最新 · Up to date: ${schemas.join(", ")}`);
  return 0;
}
