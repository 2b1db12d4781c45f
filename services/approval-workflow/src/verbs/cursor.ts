// Cursors are opaque to callers: a few texts, packed.
import { invalid } from "@onething/kernel/errors";

export const writeCursor = (...parts: string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

export function readCursor(cursor: string, length: number): string[] {
  const parts = unpack(cursor);
  if (
    Array.isArray(parts) &&
    parts.length === length &&
    parts.every((part): part is string => typeof part === "string")
  )
    return parts;
  throw badCursor();
}

export const badCursor = () =>
  invalid(
    "cursor.invalid",
    "翻页位置无效，请从头开始",
    "This cursor is not one of ours; start from the beginning",
  );

function unpack(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
