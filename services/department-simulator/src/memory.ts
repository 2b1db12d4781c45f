// What a simulator remembers over restarts: a small file of JSON lines, never a number in clear.

import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const headSchema = z.object({ secret: z.string().min(1), since: z.iso.datetime() });
const givenSchema = z.object({ work: z.string(), number: z.string() });
export type Given = z.output<typeof givenSchema>;

export interface Memory {
  /** Key of the hashes in it. */
  secret: string;
  /** When the city was first played. */
  since: Date;
  given: Given[];
  remember(given: Given): void;
}

/** Without a file it lasts as long as the process. A line that a crash tore is as if never written. */
export const openMemory = (file: string | undefined, now: Date): Memory => {
  const text = file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : "";
  const [first, ...rest] = text.split("\n").map(parsed);
  const known = headSchema.safeParse(first);
  const head = known.data ?? { secret: randomBytes(32).toString("hex"), since: now.toISOString() };
  if (file !== undefined) {
    if (!known.success) writeFileSync(file, `${JSON.stringify(head)}\n`, { mode: 0o600 });
    else if (!text.endsWith("\n")) appendFileSync(file, "\n");
  }
  return {
    secret: head.secret,
    since: new Date(head.since),
    given: known.success ? rest.flatMap((line) => givenSchema.safeParse(line).data ?? []) : [],
    remember(given) {
      if (file !== undefined) appendFileSync(file, `${JSON.stringify(given)}\n`);
    },
  };
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};
