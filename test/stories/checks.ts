// What stories check again by themselves, from the standards and not with the platform's own code.

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** GB/T 36904 with the check of ISO/IEC 7064 MOD 37,36 over type, issuer, serial and version. */
export function isLicenceIdentifier(identifier: string): boolean {
  const parts = /^1\.2\.156\.3005\.2\.(\w{21})\.(\w{18})\.([0-9A-Z]{7,32})\.(\d{3})\.([0-9A-Z])$/.exec(
    identifier,
  );
  if (!parts) return false;
  const [, type, issuer, serial, version, check] = parts;
  let product = 36;
  for (const char of `${type}${issuer}${serial}${version}`) {
    const sum = (product + alphabet.indexOf(char)) % 36 || 36;
    product = (sum * 2) % 37;
  }
  return (product + alphabet.indexOf(check!)) % 36 === 1;
}

/** GB 11643: weights 2^(18-i) mod 11, and a day that exists. */
export function isCitizenNumber(number: string): boolean {
  if (!/^\d{17}[\dX]$/.test(number)) return false;
  const sum = [...number].reduce(
    (total, char, i) => total + (char === "X" ? 10 : Number(char)) * (2 ** (17 - i) % 11),
    0,
  );
  const [, year, month, day] = /^\d{6}(\d{4})(\d\d)(\d\d)/.exec(number)!.map(Number);
  const date = new Date(Date.UTC(year!, month! - 1, day));
  return sum % 11 === 1 && date.getUTCMonth() === month! - 1 && date.getUTCDate() === day;
}

/** Notice of the State Council for 2026 as far as these stories come; of 2027 there is none yet. */
const off = new Set(
  "09-25 09-26 09-27 10-01 10-02 10-03 10-04 10-05 10-06 10-07".split(" ").map((day) => `2026-${day}`),
);
const worked = new Set(["2026-09-20", "2026-10-10"]);

/** The n-th working day after a day, counted one by one. */
export function workingDay(from: string, n: number): string {
  const date = new Date(`${from}T12:00:00Z`);
  for (let left = n; left > 0; ) {
    date.setUTCDate(date.getUTCDate() + 1);
    const day = date.toISOString().slice(0, 10);
    const weekend = [0, 6].includes(date.getUTCDay());
    if (worked.has(day) || (!weekend && !off.has(day))) left -= 1;
  }
  return date.toISOString().slice(0, 10);
}
