// The `onething` command as an operator runs it: a process of its own, with nothing in its environment but what is given.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const main = join(import.meta.dirname, "../main.ts");

export interface Said {
  code: number | null;
  out: string;
  err: string;
}

export interface Started {
  child: ChildProcess;
  /** What it has printed so far. */
  soFar(): string;
  said: Promise<Said>;
}

export function start(args: string[], env: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += String(chunk);
  });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const said = Promise.all([ended, text(child.stderr)]).then(([code, err]) => ({ code, out: printed, err }));
  return { child, soFar: () => printed, said };
}

export const onething = (args: string[], env?: Record<string, string>): Promise<Said> =>
  start(args, env).said;

/** What it says when it refuses: on standard error alone, in both languages, without the insides of a program. */
export async function refused(args: string[], env?: Record<string, string>): Promise<string> {
  const { code, out, err } = await onething(args, env);
  if (code !== 1 || out !== "") throw new Error(`not refused: ${code} ${out} ${err}`);
  if (!/\p{Script=Han}/u.test(err) || !/[a-z]{3}/.test(err)) throw new Error(`not in both languages: ${err}`);
  if (/^\s+at .*:\d+:\d+\)?$/m.test(err)) throw new Error(`a stack: ${err}`);
  return err;
}
