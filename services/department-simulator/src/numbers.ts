// The citizen numbers that the simulated police give out.

import { createHmac, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { citizenNumber, isCitizenNumber } from "@onething/kernel/identity";
import { z } from "zod";

/** Assigned to no county, so a number in it belongs to nobody. The simulator makes up numbers in no other division. */
export const syntheticDivision = "430999";

export interface Numbers {
  /** A number that nobody has, the same one whenever the same work asks again. */
  give(work: string, division: string, birthDate: string, sex: string): string;
}

const secretLine = z.object({ secret: z.string() });
const givenLine = z.object({ work: z.string(), number: z.string() });

/**
 * `file`: where what was given is remembered across restarts, as keyed hashes only. Without it a restarted simulator
 * might give a number twice.
 */
export const createNumbers = (taken: readonly string[], file?: string): Numbers => {
  const lines =
    file !== undefined && existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const remember = (line: object): void => {
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  };
  const [first, ...rest] = lines;
  const secret =
    first === undefined ? randomBytes(32).toString("hex") : secretLine.parse(JSON.parse(first)).secret;
  if (first === undefined) remember({ secret });
  const hash = (text: string): string => createHmac("sha256", secret).update(text).digest("hex");

  const used = new Set(taken.map(hash));
  const given = new Map<string, string>();
  for (const line of rest) {
    const { work, number } = givenLine.parse(JSON.parse(line));
    given.set(work, number);
    used.add(number);
  }

  return {
    give(work, division, birthDate, sex) {
      if (division !== syntheticDivision)
        throw new Error(`no number is made up outside division ${syntheticDivision}`);
      if (!/^\d{4}-\d{2}-\d{2}$/.test(birthDate)) throw new Error("a birth date is YYYY-MM-DD");
      if (sex !== "male" && sex !== "female") throw new Error("sex is male or female");
      const key = hash(`${work} ${birthDate} ${sex}`);
      const before = given.get(key);
      // Order numbers are odd for males, even for females: 500 for one day and sex, then the day is full.
      for (let order = sex === "male" ? 1 : 2; order <= 999; order += 2) {
        const number = citizenNumber(
          `${division}${birthDate.replaceAll("-", "")}${String(order).padStart(3, "0")}`,
        );
        if (!isCitizenNumber(number)) throw new Error("a birth date must be a day of the calendar");
        const hashed = hash(number);
        if (before === undefined ? used.has(hashed) : before !== hashed) continue;
        if (before === undefined) {
          given.set(key, hashed);
          used.add(hashed);
          remember({ work: key, number: hashed });
        }
        return number;
      }
      throw new Error("every number of that day is given out");
    },
  };
};
