// Identifiers of licences (电子证照标识, GB/T 36904) and of registrations, which have no national one.
//
//   1.2.156.3005.2 . <type code> . <issuer's USCC> . <serial> . <version> . <check>

const root = "1.2.156.3005.2";
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const shape = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{18})\.([0-9A-Z]{1,32})\.(\d{3})\.([0-9A-Z])$/;

export interface IdentifierParts {
  typeCode: string;
  issuer: string;
  serial: string;
  version: number;
}

/** Highest version three digits can write; the next issue needs a serial of its own. */
export const lastVersion = 999;

/** Check character of ISO/IEC 7064 MOD 37,36 (GB/T 17710). `body` holds 0-9 and A-Z only. */
export function checkCharacter(body: string): string {
  return alphabet.charAt((37 - remainder(body)) % 36);
}

function remainder(body: string): number {
  let p = 36;
  for (const sign of body) {
    const sum = (p + alphabet.indexOf(sign)) % 36 || 36;
    p = (sum * 2) % 37;
  }
  return p;
}

export function formatIdentifier({ typeCode, issuer, serial, version }: IdentifierParts): string {
  const number = String(version).padStart(3, "0");
  const check = checkCharacter(typeCode + issuer + serial + number);
  const identifier = [root, typeCode, issuer, serial, number, check].join(".");
  if (!shape.test(identifier)) throw new RangeError(`not the parts of an identifier: ${identifier}`);
  return identifier;
}

/** The parts of an identifier, or null where its shape or its check character is wrong. */
export function parseIdentifier(text: string): IdentifierParts | null {
  const found = shape.exec(text);
  if (!found) return null;
  const [, typeCode = "", issuer = "", serial = "", version = "", check = ""] = found;
  if ((remainder(typeCode + issuer + serial + version) + alphabet.indexOf(check)) % 36 !== 1) return null;
  return { typeCode, issuer, serial, version: Number(version) };
}

export const isIdentifier = (text: string): boolean => parseIdentifier(text) !== null;

/** Record id of a registration: nothing national exists for it, so it says what it is and when. */
export function recordId(evidence: string, date: string, serial: string): string {
  const type = evidence.toUpperCase().replace(/[^0-9A-Z]/g, "") || "X";
  return `R-${type}-${date.replaceAll("-", "")}-${serial}`;
}

/** 20 signs out of 100 bits of a keyed hash: nobody can guess the neighbour of a licence he holds. */
export function serialOf(prefix: string, keyedHash: string): string {
  return (
    prefix +
    BigInt(`0x${keyedHash.slice(0, 25)}`)
      .toString(36)
      .toUpperCase()
      .padStart(20, "0")
  );
}
