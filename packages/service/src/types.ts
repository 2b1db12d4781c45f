// What a service is given, and who may stand before its doors.
import type { Database } from "@onething/postgres/database";
import type { Keyring } from "@onething/sealing/keyring";
import type { Log } from "./log.ts";
import type { MeasureName, TotalName } from "./meters.ts";

export const roles = ["citizen", "clerk", "officer", "operator", "department", "service"] as const;
export type Role = (typeof roles)[number];

/** Who stands before a door. `sub` is an account; `personId` the person it belongs to; the rest is where they work. */
export interface Caller {
  sub: string;
  role: Role;
  personId?: string;
  department?: string;
  name?: string;
  window?: string;
}

/** The name under which the journal records what a caller did. */
export const actorOf = (caller: Pick<Caller, "role" | "sub">): string => `${caller.role}:${caller.sub}`;

export type Authenticate = (token: string | undefined) => Promise<Caller>;

export interface Meters {
  count(name: string, n?: number): void;
  /** How long or how much, by what. */
  observe(name: MeasureName, value: number, labels?: Record<string, string>): void;
  /** One more, by what. */
  total(name: TotalName, labels: Record<string, string>): void;
  read(): Record<string, number>;
}

export interface ServiceDeps {
  db: Database;
  keyring: Keyring;
  log: Log;
  meters: Meters;
  now: () => Date;
  /** Takes the bare token (no "Bearer "), answers who it names; throws `unauthenticated`. */
  authenticate: Authenticate;
  /** The service's own token, for its outgoing calls where no certificate says who it is. */
  token: () => Promise<string>;
  /** Folder of its own certificate; without it calls go plain, on one machine. */
  tls?: string;
}
