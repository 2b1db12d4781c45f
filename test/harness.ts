// The whole platform for a story, on a database of its own; people and departments come in through the public doors. One
// text of a story is played in both ways that the platform runs: in one process, and, in the vitest project `scaled`, as
// processes of its own.

import { type Door, openDoor, signIn } from "@onething/all-in-one/demo/door";
import type { Playable } from "@onething/all-in-one/demo/play";
import type { Sample } from "@onething/all-in-one/sample";
import type { Play } from "@onething/all-in-one/start";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import type { Simulator } from "@onething/department-simulator/service";
import type { GrpcClient } from "@onething/service/client";
import type { Issuer } from "@onething/service/tokens";
import type { Caller } from "@onething/service/types";
import type { CompatServiceDefinition } from "nice-grpc";
import { inject } from "vitest";
import { type CityOptions, type Ground, openGround } from "./city/ground.ts";
import { type InOne, inOne } from "./city/in-one.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Whether stories are played by the platform as processes of its own. */
    scaled: boolean;
  }
}

/** A platform that runs just now. */
export interface Here extends Playable {
  platform: Playable["platform"] & { sample: Pick<Sample, "people">; issuer: Issuer };
  simulator: Simulator;
  /** Any gRPC door, for a caller of the story's choice; without one, for somebody who does not say who it is. */
  grpc<D extends CompatServiceDefinition>(definition: D, caller: Caller | undefined): GrpcClient<D>;
  stop(): Promise<void>;
}

/** In which a platform runs. */
export interface Way<H extends Here> {
  /** Once for a city, before it begins. */
  prepare?(ground: Ground): Promise<void>;
  begin(ground: Ground, play: Play): Promise<H>;
}

export interface City<H extends Here = Here>
  extends Pick<H, "city" | "platform" | "simulator" | "grpc">,
    Pick<Ground, "admin" | "config" | "folder" | "logged"> {
  /** What runs just now, with what only this way of running has. */
  here: H;
  /** Somebody's way in, signed in with the account's password. */
  as(username: string): Promise<Door>;
  /** Without a token. */
  stranger: Door;
  /** A department's system at the gRPC door. */
  department(code: string): GrpcClient<typeof ApprovalServiceDefinition>;
  /** Stops the platform and starts it again on the same data. */
  restart(play?: Play): Promise<void>;
  close(): Promise<void>;
}

export type CityInOne = City<InOne>;

/** A clock that runs on from this instant: what a story says of dates is then the same on every day. */
export const clockFrom = (instant: string): (() => Date) => {
  const ahead = Date.parse(instant) - Date.now();
  return () => new Date(Date.now() + ahead);
};

/** Quick officers unless a story wants them slow or silent. */
const quick: Play = { delayMs: [1, 10] };

/** A city in the way that the vitest project plays its stories. */
export async function startCity(options: CityOptions = {}): Promise<City> {
  return inject("scaled")
    ? startIn((await import("./city/scaled.ts")).atScale, options)
    : startInOne(options);
}

/** A city in one process, for tests that look at its parts. */
export const startInOne = (options?: CityOptions): Promise<CityInOne> => startIn(inOne, options);

export async function startIn<H extends Here>(way: Way<H>, options: CityOptions = {}): Promise<City<H>> {
  const ground = await openGround(options);
  const begin = (play?: Play) => way.begin(ground, { ...quick, ...options.play, ...play });
  await way.prepare?.(ground);
  let here = await begin();
  const clients: { close(): void }[] = [];
  const grpc: Here["grpc"] = (definition, caller) => {
    const client = here.grpc(definition, caller);
    clients.push(client);
    return client;
  };
  const { admin, config, folder, logged } = ground;
  return {
    get here() {
      return here;
    },
    get platform() {
      return here.platform;
    },
    get simulator() {
      return here.simulator;
    },
    get city() {
      return here.city;
    },
    get stranger() {
      return openDoor(here.platform.url);
    },
    as: (username) => {
      const account = here.platform.sample.accounts.find((each) => each.username === username);
      if (!account) throw new Error(`no account ${username}`);
      return signIn(here.platform.url, username, account.password);
    },
    department: (code) =>
      grpc(ApprovalServiceDefinition, { sub: `${code}-system`, role: "department", department: code }),
    ...{ grpc, admin, config, folder, logged },
    restart: async (play) => {
      await here.stop();
      here = await begin(play);
    },
    close: async () => {
      for (const client of clients) client.close();
      await here.stop();
      await ground.close();
    },
  };
}
