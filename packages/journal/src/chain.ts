// The hash chain: each event's hash covers the previous one, the header and the exact payload bytes.
import { hash } from "node:crypto";

export interface StoredEvent {
  xid: string;
  position: number;
  stream: string;
  version: number;
  type: string;
  schema: number;
  caseId: string;
  actor: string;
  at: string;
  trace: string;
  payload: Uint8Array;
  hash: Uint8Array;
}

/** Of a SHA-256. */
export const hashBytes = 32;

export const chainStart = new Uint8Array(0);

/** SHA-256(previous ‖ header as a JSON array ‖ 0x00 ‖ payload). JSON strings hold no 0x00, so parts cannot run together. */
export function chainHash(
  previous: Uint8Array,
  event: Omit<StoredEvent, "hash" | "xid" | "position">,
): Buffer {
  const header = JSON.stringify([
    event.stream,
    event.version,
    event.type,
    event.schema,
    event.caseId,
    event.actor,
    event.at,
    event.trace,
  ]);
  // In one piece: a single call hashes in half the time of a hash object that is fed four parts.
  return hash("sha256", Buffer.concat([previous, Buffer.from(`${header}\0`), event.payload]), "buffer");
}
