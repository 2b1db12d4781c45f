// The department simulator beside the platform: it plays the sample city's registers and officers, on public gRPC only.
import { join } from "node:path";
import {
  type Fault,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "@onething/department-simulator/service";
import type { ReadCity } from "@onething/item-catalog/city";
import type { Log } from "@onething/service/log";
import { createTokenSource } from "@onething/service/tokens";
import type { Platform } from "./platform.ts";

/** How departments sign in: with tokens of the built-in issuer, or with certificates. */
export type Departments = Pick<SimulatorOptions, "approvalAddress" | "token" | "authenticate" | "tls">;

interface SimulateOptions {
  departments: Departments;
  city: ReadCity;
  /** Filled with the address of every register played. */
  registers: Record<string, string>;
  /** Where each register listens; one that is not named takes a free port of this machine. */
  listen?: Record<string, string>;
  keys: string;
  log: Log;
  refuse?: readonly string[];
  leave?: readonly string[];
  faults?: Record<string, Fault | undefined>;
  delayMs?: [number, number];
  now?: () => Date;
}

export async function simulate(options: SimulateOptions): Promise<Simulator> {
  const { departments, city, registers, listen = {}, keys, log, ...play } = options;
  const simulator = await startSimulator({
    ...play,
    ...departments,
    city: city.others,
    registers: listen,
    memory: join(keys, "simulator.jsonl"),
    log,
  });
  // A real register named in the configuration is not replaced by its play.
  for (const [code, address] of Object.entries(simulator.registers)) registers[code] ??= address;
  return simulator;
}

/** Departments of a platform in this process, each with a token of its own. */
export function signedIn(platform: Platform, now?: () => Date): Departments {
  const tokens = new Map<string, () => Promise<string>>();
  const tokenOf = (department: string) => {
    const source =
      tokens.get(department) ??
      createTokenSource(
        platform.issuer,
        { sub: `${department}-system`, role: "department", department },
        now ? { now } : {},
      );
    tokens.set(department, source);
    return source();
  };
  return {
    approvalAddress: platform.grpcAddress,
    token: tokenOf,
    authenticate: platform.authenticate,
  };
}
