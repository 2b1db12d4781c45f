// What a service is given, and who may stand before its doors.
import type { Database } from "@onething/postgres/database";
import type { Keyring } from "@onething/sealing/keyring";
import type { Log } from "./log.ts";
import type { MeasureName, TotalName } from "./meters.ts";

export const roles = ["citizen", "clerk", "officer", "operator", "department", "service"] as const;
export type Role = (typeof roles)[number];

/**
 * What an officer may do besides handling work: decide for the department (head), hold what the head has delegated (chief, 首席
 * 事务代表), review legality (法制审核), supervise.
 */
export const duties = ["head", "chief", "legality", "supervisor"] as const;
export type Duty = (typeof duties)[number];

/** Who stands before a door. `sub` is an account; `personId` the person it belongs to; the rest is where they work. */
export interface Caller {
  sub: string;
  role: Role;
  personId?: string;
  department?: string;
  name?: string;
  window?: string;
  duties?: readonly Duty[];
  /** The officer on whose behalf a department's own system acts, an account there. */
  officer?: string;
}

/** The name under which the journal records what a caller did. */
export const actorOf = ({ role, sub, officer }: Pick<Caller, "role" | "sub" | "officer">): string =>
  `${role}:${sub}${officer ? `/${officer}` : ""}`;

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
