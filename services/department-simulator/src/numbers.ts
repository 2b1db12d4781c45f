// The citizen numbers that the simulated police give out.

import { createHmac } from "node:crypto";
import { isCivilDate } from "@onething/kernel/civil-date";
import { citizenNumber } from "@onething/kernel/identity";
import type { Memory } from "./memory.ts";

/** Assigned to no county, so a number in it belongs to nobody. The simulator makes up numbers in no other division. */
export const syntheticDivision = "430999";

export interface Numbers {
  /** A number that nobody has, the same one whenever the same work asks again. */
  give(work: string, division: string, birthDate: string, sex: string): string;
}

export const createNumbers = (taken: readonly string[], memory: Memory): Numbers => {
  const hash = (text: string): string => createHmac("sha256", memory.secret).update(text).digest("hex");
  const given = new Map(memory.given.map(({ work, number }) => [work, number]));
  const used = new Set([...taken.map(hash), ...given.values()]);

  return {
    give(work, division, birthDate, sex) {
      if (division !== syntheticDivision)
        throw new Error(`no number is made up outside division ${syntheticDivision}`);
      if (!isCivilDate(birthDate)) throw new Error("a birth date is a day of the calendar, YYYY-MM-DD");
      if (sex !== "male" && sex !== "female") throw new Error("sex is male or female");
      const key = hash(`${work} ${birthDate} ${sex}`);
      const before = given.get(key);
      // Order numbers are odd for males, even for females: 500 for one day and sex, then the day is full.
      for (let order = sex === "male" ? 1 : 2; order <= 999; order += 2) {
        const number = citizenNumber(
          `${division}${birthDate.replaceAll("-", "")}${String(order).padStart(3, "0")}`,
        );
        const hashed = hash(number);
        if (before === hashed) return number;
        if (before !== undefined || used.has(hashed)) continue;
        given.set(key, hashed);
        used.add(hashed);
        memory.remember({ work: key, number: hashed });
        return number;
      }
      throw new Error("every number of that day is given out");
    },
  };
};
