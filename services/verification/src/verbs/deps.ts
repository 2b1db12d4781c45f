// What the verbs of this service work with.
import type { Journal } from "@onething/journal/journal";
import type { Keyring } from "@onething/sealing/keyring";
import type { LookUpDeps } from "../look-up.ts";

export interface RetryPolicy {
  /** When what was unavailable is first asked again; each later wait is twice as long … */
  firstMs: number;
  /** … but never longer than this. */
  maxMs: number;
}

export interface VerbDeps extends LookUpDeps {
  journal: Journal;
  keyring: Pick<Keyring, "sealer">;
  retry: RetryPolicy;
}
