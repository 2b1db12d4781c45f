// Numbers of people and organisations: check characters, and what the number itself says. No look-ups.

import { isCivilDate } from "./civil-date.ts";
import { invalid } from "./errors.ts";

// ---- Citizen number, GB 11643: 6 division + 8 birth date + 3 order + 1 check (ISO 7064 MOD 11-2) ----

const CITIZEN = /^[1-9]\d{16}[\dX]$/;
const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CITIZEN_CHECKS = "10X98765432";

const weighted = (digits: string, weights: readonly number[], alphabet: string): number =>
  weights.reduce((sum, weight, i) => sum + weight * alphabet.indexOf(digits[i]!), 0);

const DIGITS = "0123456789";

function citizenCheck(first17: string): string {
  return CITIZEN_CHECKS[weighted(first17, CITIZEN_WEIGHTS, DIGITS) % 11]!;
}

const datePart = (number: string): string =>
  `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`;

/** Well formed (upper-case X), born on a day that exists, and with the right check character. */
export function isCitizenNumber(number: string): boolean {
  return CITIZEN.test(number) && isCivilDate(datePart(number)) && citizenCheck(number) === number[17];
}

/** The whole number from its first 17 digits. */
export function citizenNumber(first17: string): string {
  if (!/^[1-9]\d{16}$/.test(first17))
    throw new RangeError("a citizen number needs 17 digits before its check");
  return first17 + citizenCheck(first17);
}

function checked(number: string): string {
  if (isCitizenNumber(number)) return number;
  throw invalid(
    "identity.not_a_citizen_number",
    "身份证号码有误，请核对后重新填写。",
    "This is not a valid citizen number. Please check it and type it again.",
  );
}

/** `YYYY-MM-DD`, as the number says. */
export const birthDateOf = (number: string): string => datePart(checked(number));

/** The third order digit: odd is male, even is female. */
export const sexOf = (number: string): "male" | "female" =>
  Number(checked(number)[16]) % 2 === 1 ? "male" : "female";

/** For screens and papers: `430999********0019`. Anything shorter shows its last two characters at most. */
export function maskNumber(number: string): string {
  if (number.length >= 15) return number.slice(0, 6) + "*".repeat(number.length - 10) + number.slice(-4);
  const shown = number.length > 4 ? 2 : 0;
  return "*".repeat(number.length - shown) + number.slice(number.length - shown);
}

// ---- Unified social credit code, GB 32100: registrar, kind, 6 division, 9 organisation code (GB 11714), 1 check ----

const USCC = /^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/;
const USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];

function organisationCheck(first8: string): string {
  const value = 11 - (weighted(first8, ORGANISATION_WEIGHTS, ORGANISATION_SIGNS) % 11);
  return value === 10 ? "X" : String(value % 11);
}

/** The check character of the first 17. */
export function usccCheck(first17: string): string {
  if (!USCC.test(`${first17}0`)) throw new RangeError("a social credit code needs 17 signs before its check");
  return USCC_SIGNS[(31 - (weighted(first17, USCC_WEIGHTS, USCC_SIGNS) % 31)) % 31]!;
}

export function isUscc(code: string): boolean {
  return (
    USCC.test(code) &&
    organisationCheck(code.slice(8, 16)) === code[16] &&
    usccCheck(code.slice(0, 17)) === code[17]
  );
}
