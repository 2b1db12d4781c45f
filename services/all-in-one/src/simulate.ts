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
import type { RegisterAddress } from "@onething/verification/service";
import { z } from "zod";
import type { Platform } from "./platform.ts";

const Registers = z.array(
  z.object({ code: z.string(), name: z.object({ zh: z.string(), en: z.string() }).optional() }),
);

/** How departments sign in: with tokens of the built-in issuer, or with certificates. */
export type Departments = Pick<SimulatorOptions, "approvalAddress" | "token" | "authenticate" | "tls">;

interface SimulateOptions {
  departments: Departments;
  city: ReadCity;
  /** Filled with the address and name of every register played. */
  registers: Record<string, RegisterAddress>;
  keys: string;
  log: Log;
  refuse?: readonly string[];
  leave?: readonly string[];
  faults?: Record<string, Fault | undefined>;
  delayMs?: [number, number];
  now?: () => Date;
}

export async function simulate(options: SimulateOptions): Promise<Simulator> {
  const { departments, city, registers, keys, log, ...play } = options;
  const simulator = await startSimulator({
    ...play,
    ...departments,
    city: city.others,
    memory: join(keys, "simulator.jsonl"),
    log,
  });
  const names = new Map(Registers.parse(city.others.registers ?? []).map(({ code, name }) => [code, name]));
  for (const [code, address] of Object.entries(simulator.registers)) {
    const name = names.get(code);
    // A real register named in the configuration is not replaced by its play.
    registers[code] ??= name ? { address, name } : address;
  }
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
