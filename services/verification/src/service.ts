// Verification as a value: its dependencies in, its door and consumer out.
import { createJournal, journalMigrations } from "@onething/journal/journal";
import type { RunningService } from "@onething/service/running-service";
import type { ServiceDeps } from "@onething/service/types";
import { createConsumer } from "./events.ts";
import { evidence } from "./kind.ts";
import type { LicencePeer } from "./look-up.ts";
import { createRegisters, type RegisterOptions } from "./registers.ts";
import { createDoor } from "./rpc.ts";
import type { RetryPolicy } from "./verbs/deps.ts";

export const schema = "verification";
/** What its journal holds; a command that verifies a data folder needs no running service. */
export const kinds = [evidence];
export const migrations = [journalMigrations, new URL("../migrations/", import.meta.url)];

export interface VerificationOptions {
  peers: { licences: LicencePeer };
  /** Register code -> where it listens. What people call it comes with the evidence. */
  registers: Readonly<Record<string, string>>;
  registerClient?: Partial<Omit<RegisterOptions, "addresses">> & {
    firstRetryMs?: number;
    maxRetryMs?: number;
  };
}

export function createService(deps: ServiceDeps & VerificationOptions): RunningService {
  const { db, keyring, log, meters, now, peers } = deps;
  const { deadlineMs = 1500, failuresBeforePause = 5, pauseMs = 2000, ...times } = deps.registerClient ?? {};
  const { firstRetryMs = 5_000, maxRetryMs = 600_000 } = times;
  const retry: RetryPolicy = { firstMs: firstRetryMs, maxMs: maxRetryMs };
  const journal = createJournal({ db, kinds, hashKey: keyring.hashKey, now, log, meters });
  const registers = createRegisters(deps, {
    addresses: deps.registers,
    deadlineMs,
    failuresBeforePause,
    pauseMs,
  });
  const verbs = { journal, keyring, licences: peers.licences, registers, now, retry };
  return {
    name: "verification",
    journal,
    rpc: [createDoor(verbs)],
    consumers: [createConsumer(verbs)],
    start: async () => journal.start(),
    stop: async () => {
      await journal.stop();
      registers.close();
    },
  };
}
