// How a process hears that it should leave, and what it says when it cannot start.
import { OnethingError } from "@onething/kernel/errors";

/** Words for whoever started it; the stack only where the fault is ours. */
export function complain(error: unknown): void {
  if (error instanceof OnethingError) {
    console.error(`${error.public.zh}\n${error.public.en}`);
    for (const { field, text } of error.fields) console.error(`  ${field}: ${text.zh} · ${text.en}`);
  } else console.error(error);
}

/** A signal, or the end of the process that started this one and holds a channel to it. */
export function stopAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => resolve());
    process.once("disconnect", () => resolve());
  });
}
