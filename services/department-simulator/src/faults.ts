// Ways in which a register goes wrong, set at start or while it runs.

import { notFound } from "@onething/kernel/errors";

/**
 * down: answers nothing but "unavailable"; late: answers after `ms`; garbage: answers in no schema; wrongPerson: answers
 * about somebody else. It lasts `seconds`, or for `calls` calls, whichever ends first; with neither until it is lifted.
 */
export interface Fault {
  kind: "down" | "late" | "garbage" | "wrongPerson";
  ms?: number;
  seconds?: number;
  calls?: number;
}

export interface Faults {
  /** Sets or (with undefined) lifts the faults of the registers named; the others keep theirs. */
  set(faults: Record<string, Fault | undefined>): void;
  /** The fault that the next call to a register meets. */
  next(register: string): Fault | undefined;
}

export const createFaults = (
  registers: readonly string[],
  initial: Record<string, Fault | undefined>,
  now: () => Date,
): Faults => {
  const active = new Map<string, { fault: Fault; endsAt: number; callsLeft: number }>();
  const set: Faults["set"] = (faults) => {
    for (const [register, fault] of Object.entries(faults)) {
      if (!registers.includes(register)) throw unknownRegister(register);
      if (fault === undefined) active.delete(register);
      else {
        const endsAt =
          fault.seconds === undefined ? Number.POSITIVE_INFINITY : now().getTime() + fault.seconds * 1000;
        active.set(register, { fault, endsAt, callsLeft: fault.calls ?? Number.POSITIVE_INFINITY });
      }
    }
  };
  set(initial);
  return {
    set,
    next(register) {
      const entry = active.get(register);
      if (entry === undefined) return undefined;
      if (entry.callsLeft <= 0 || now().getTime() >= entry.endsAt) {
        active.delete(register);
        return undefined;
      }
      entry.callsLeft -= 1;
      return entry.fault;
    },
  };
};

const unknownRegister = (code: string) =>
  notFound("simulator.unknown_register", `没有登记簿“${code}”`, `There is no register ${code}`);
