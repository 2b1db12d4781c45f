// The department simulator as a value: it stands in for the departments of a city, with their registers and officers, on
// public gRPC only. Whom and what it plays is data of the city.

import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import type { Text } from "@onething/kernel/errors";
import { grpcClient } from "@onething/service/client";
import { createMeters } from "@onething/service/meters";
import { type GrpcServer, rpc, startGrpcServer } from "@onething/service/rpc";
import type { Caller, Meters } from "@onething/service/types";
import type { Logger } from "pino";
import { createFaults, type Fault } from "./faults.ts";
import { openMemory } from "./memory.ts";
import { createNumbers } from "./numbers.ts";
import { startOfficer } from "./officer.ts";
import { openBook, type RegisterBook } from "./register.ts";
import { type Delay, readCity } from "./schema.ts";
import { createScripts, type Scripts } from "./scripts.ts";

export type { Fault } from "./faults.ts";

export interface SimulatorOptions {
  /** Parsed data of the city; of it `registers`, `scripts` and `people` are read. */
  city: unknown;
  approvalAddress: string;
  /** Token of a department, for its calls to the approval door. */
  token: (department: string) => Promise<string>;
  /** Where each register listens; a register not named takes a free port of this machine. */
  registers?: Record<string, string | number>;
  /** Who may ask the registers. Without it whoever reaches their port may: good for one machine only. */
  authenticate?: (token: string | undefined) => Promise<Caller>;
  /** Mutual TLS: certificates of the registers' server and of each department, and the name of the approval door. */
  tls?: { server: string; of: (department: string) => string; approval: string };
  /** Items to refuse, with the reasons of their scripts. */
  refuse?: readonly string[];
  /** Items to leave for a person at the desk. */
  leave?: readonly string[];
  faults?: Record<string, Fault | undefined>;
  /** Instead of the scripts' own [least, most]. */
  delayMs?: Delay;
  /** The same seed gives the same delays and serial numbers. */
  seed?: string;
  /**
   * File that remembers over restarts which citizen numbers were given (as keyed hashes), so that none is given twice,
   * and the first day, from which the `= rule` values of records count, so that they stay what they were.
   */
  memory?: string;
  now?: () => Date;
  log: Logger;
}

export interface Simulator {
  /** Address of every register, for whoever asks them. */
  registers: Record<string, string>;
  setFaults(faults: Record<string, Fault | undefined>): void;
  refuse(item: string, reasons?: Text[]): void;
  stop(): Promise<void>;
}

export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { log, now = () => new Date() } = options;
  const city = readCity(options.city);
  const memory = openMemory(options.memory, now());
  const scripts = createScripts(city.scripts, {
    seed: options.seed ?? "",
    numbers: createNumbers(city.identityNumbers, memory),
    now,
    delayMs: options.delayMs,
  });
  for (const item of options.refuse ?? []) scripts.refuse(item);
  const codes = city.registers.map((register) => register.code);
  const faults = createFaults(codes, options.faults ?? {}, now);
  const departments = [...new Set(city.scripts.map((script) => script.department))];
  log.info(
    { registers: codes, departments },
    "DEPARTMENT SIMULATOR: no real department answers here; registers and officers are played from the city's data",
  );
  const meters = createMeters();
  const books = city.registers.map((register) => ({
    code: register.code,
    book: openBook(register, { since: memory.since, now, fault: () => faults.next(register.code) }),
  }));
  const served = await serve(books, options, meters);
  const officers = employ(departments, scripts, options, meters);
  return {
    registers: served.registers,
    setFaults: faults.set,
    refuse: scripts.refuse,
    async stop() {
      await officers.stop();
      await served.stop();
    },
  };
};

const serve = async (
  books: readonly { code: string; book: RegisterBook }[],
  { registers: addresses, authenticate = anyone, tls, log }: SimulatorOptions,
  meters: Meters,
) => {
  const servers: GrpcServer[] = [];
  const registers: Record<string, string> = {};
  const stop = () => Promise.all(servers.map((server) => server.stop()));
  try {
    for (const { code, book } of books) {
      const door = rpc(
        RegisterServiceDefinition,
        { ask: (request, { signal }) => book.ask(request, signal) },
        { allow: ["service", "department"] },
      );
      const address = listenAddress(addresses?.[code] ?? 0);
      const deps = { log, meters, authenticate };
      const server = await startGrpcServer({ doors: [door], deps, address, tls: tls?.server });
      servers.push(server);
      registers[code] = server.address;
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { registers, stop };
};

const anyone = async (): Promise<Caller> => ({ sub: "anyone", role: "service" });

const listenAddress = (at: string | number): string => (typeof at === "number" ? `127.0.0.1:${at}` : at);

const employ = (
  departments: readonly string[],
  scripts: Scripts,
  { approvalAddress, token, tls, leave, log }: SimulatorOptions,
  meters: Meters,
) => {
  const left = new Set(leave);
  const desks = departments.map((department) => {
    const client = grpcClient(ApprovalServiceDefinition, approvalAddress, {
      token: () => token(department),
      deadlineMs: 10_000,
      meters,
      ...(tls ? { tls: { folder: tls.of(department), name: tls.approval } } : {}),
    });
    return { officer: startOfficer({ department, scripts, client, leave: left, log }), client };
  });
  return {
    async stop() {
      await Promise.all(desks.map(({ officer }) => officer.stop()));
      for (const { client } of desks) client.close();
    },
  };
};
