import type { Journal } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import type { Keyring } from "@onething/sealing/keyring";
import type { Log } from "@onething/service/log";
import type { Arrivals } from "../arrivals.ts";
import type { Rules } from "../domain/stroke.ts";
import type { approvalKind } from "../kind.ts";

/** What the verbs of this service work with. */
export interface Deps {
  db: Database;
  journal: Journal;
  /** Approvals under the city's rules. */
  kind: typeof approvalKind;
  rules: Rules;
  keyring: Keyring;
  log: Log;
  now: () => Date;
  arrivals: Arrivals;
}
