// The bytes of a file as they are kept: in parts of one size, each sealed with its place in the file, so that none can stand in for
// another. One part is in memory at a time.
import type { Sealer } from "@onething/sealing/keyring";
import { partOf } from "../attachment-store.ts";
import type { Deps } from "./deps.ts";

/** Small enough that a cut on a slow line costs little. Never to be changed: it says where a byte lies. */
export const partBytes = 256 * 1024;

export interface Kept {
  id: string;
  caseId: string;
  bytes: number;
}

const placeOf = ({ id }: Kept, n: number): string => `${id}:${n}`;

export const sealedPart = (sealer: Sealer, file: Kept, n: number, part: Buffer): string =>
  sealer.seal({ part: part.toString("base64"), of: placeOf(file, n) });

/** From an offset on. Throws where a part is missing or is not what it was. */
export async function* bytesOf(
  { db, keyring }: Pick<Deps, "db" | "keyring">,
  actor: string,
  file: Kept,
  offset = 0,
): AsyncGenerator<Buffer> {
  const { id, caseId, bytes } = file;
  const audit = { actor, purpose: `attachment ${id}, case ${caseId}` };
  for (let at = offset; at < bytes; ) {
    const n = Math.floor(at / partBytes);
    const start = n * partBytes;
    const [opened = {}] = await keyring.open([(await partOf(db, id, n)) ?? ""], audit);
    const part = Buffer.from(opened.part ?? "", "base64");
    if (opened.of !== placeOf(file, n) || part.length !== Math.min(partBytes, bytes - start))
      throw new Error(`part ${n} of attachment ${id} is not what was kept`);
    yield part.subarray(at - start);
    at = start + part.length;
  }
}
