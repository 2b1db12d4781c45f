// The whole platform for a story, started as `npm start` starts it, on a database of its own; people and departments come
// in through the public doors.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, readConfig } from "@onething/all-in-one/config";
import { type Door, openDoor, signIn } from "@onething/all-in-one/demo/door";
import { type Play, type Running, run } from "@onething/all-in-one/start";
import { schemas } from "@onething/all-in-one/storage";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { type Database, openDatabase } from "@onething/postgres/database";
import { testDatabase } from "@onething/postgres/testing";
import { type GrpcClient, grpcClient } from "@onething/service/client";
import { createLog } from "@onething/service/log";
import type { Caller } from "@onething/service/types";
import type { CompatServiceDefinition } from "nice-grpc";
import { inject } from "vitest";

export interface City extends Running {
  /** Somebody's way in, signed in with the account's password. */
  as(username: string): Promise<Door>;
  /** Without a token. */
  stranger: Door;
  /** A department's system at the gRPC door. */
  department(code: string): GrpcClient<typeof ApprovalServiceDefinition>;
  /** Any gRPC door, for a caller of the story's choice. */
  grpc<D extends CompatServiceDefinition>(definition: D, caller: Caller): GrpcClient<D>;
  /** Superuser's look into the database, for tests that search or spoil it. */
  admin: Database;
  /** As an operator would have set it, for what looks at the data beside the platform. */
  config: Config;
  /** Folder of whatever is kept beside the database. */
  folder: string;
  /** Everything that was logged so far. */
  logged(): string;
  /** Stops the platform and starts it again on the same data. */
  restart(play?: Play): Promise<void>;
  close(): Promise<void>;
}

export interface CityOptions {
  play?: Play;
  /** Folder of another city. */
  catalogue?: string;
  /** More environment variables, as an operator would set them. */
  env?: Record<string, string>;
}

/** A clock that runs on from this instant: what a story says of dates is then the same on every day. */
export const clockFrom = (instant: string): (() => Date) => {
  const ahead = Date.parse(instant) - Date.now();
  return () => new Date(Date.now() + ahead);
};

/** Quick officers unless a story wants them slow or silent. */
const quick: Play = { delayMs: [1, 10] };

export async function startCity(options: CityOptions = {}): Promise<City> {
  inject("postgresUrl");
  const database = await testDatabase(schemas);
  const data = join(await mkdtemp(join(tmpdir(), "onething-city-")), "data");
  const config: Config = {
    ...readConfig({ ONETHING_DATA: data, ONETHING_REGISTER_RETRY_MS: "200", ...options.env }),
    databaseUrl: database.adminUrl,
    port: 0,
    grpcPort: 0,
    ...(options.catalogue ? { catalogue: options.catalogue } : {}),
  };
  const lines: string[] = [];
  const log = createLog({
    service: "all-in-one",
    level: "debug",
    to: { write: (line: string) => void lines.push(line) } as never,
  });
  const admin = openDatabase({ url: database.adminUrl, schema: "casewindow", max: 2 });
  const clients: { close(): void }[] = [];
  let running = await run(config, { ...quick, ...options.play }, log);
  const grpc = <D extends CompatServiceDefinition>(definition: D, caller: Caller): GrpcClient<D> => {
    const { platform } = running;
    const token = () => platform.issuer.sign(caller, 600);
    const client = grpcClient(definition, platform.grpcAddress, { token, deadlineMs: 10_000 });
    clients.push(client);
    return client;
  };

  return {
    get platform() {
      return running.platform;
    },
    get simulator() {
      return running.simulator;
    },
    get city() {
      return running.city;
    },
    get storage() {
      return running.storage;
    },
    get stranger() {
      return openDoor(running.platform.url);
    },
    as: (username) => {
      const account = running.platform.sample.accounts.find((each) => each.username === username);
      if (!account) throw new Error(`no account ${username}`);
      return signIn(running.platform.url, username, account.password);
    },
    department: (code) =>
      grpc(ApprovalServiceDefinition, { sub: `${code}-system`, role: "department", department: code }),
    grpc,
    admin,
    config,
    folder: join(data, ".."),
    logged: () => lines.join(""),
    stop: () => running.stop(),
    restart: async (play) => {
      await running.stop();
      running = await run(config, { ...quick, ...options.play, ...play }, log);
    },
    close: async () => {
      for (const client of clients) client.close();
      await running.stop();
      await admin.close();
      await database.close();
      await rm(join(data, ".."), { recursive: true, force: true });
    },
  };
}
