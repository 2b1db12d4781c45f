// Ids: time-ordered ones for what is new, derived ones for what must come out the same twice.

import { hash, randomFillSync } from "node:crypto";

const POOL_BYTES = 8 * 512;
const pool = Buffer.alloc(POOL_BYTES);
let poolAt = POOL_BYTES;
let lastMs = 0;
let sequence = 0;

/** A new UUIDv7. Ids of one process sort in the order they were made, also within a millisecond. */
export function newId(): string {
  if (poolAt === POOL_BYTES) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const at = poolAt;
  poolAt += 8;
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    // Half of the counter is left free, so that a busy millisecond seldom overflows into the next.
    sequence = ((pool[at]! << 4) | (pool[at + 1]! >> 4)) & 0x7ff;
  } else if (++sequence > 0xfff) {
    lastMs += 1;
    sequence = 0;
  }
  pool[at] = (pool[at]! & 0x3f) | 0x80;
  const time = lastMs.toString(16).padStart(12, "0");
  const random = pool.toString("hex", at, at + 8);
  const counter = sequence.toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter}-${random.slice(0, 4)}-${random.slice(4)}`;
}

/** The id that belongs to these parts (e.g. case and item): always the same, and shaped like a UUID (version 8). */
export function idFrom(...parts: string[]): string {
  // JSON keeps ("a","bc") and ("ab","c") apart.
  const digest = hash("sha256", JSON.stringify(parts), "hex");
  const variant = ((Number.parseInt(digest[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-${variant}${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}
