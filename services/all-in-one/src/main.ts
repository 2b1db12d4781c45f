// The `onething` command.
import { OnethingError } from "@onething/kernel/errors";
import { readConfig } from "./config.ts";

const commands: Record<string, () => Promise<number>> = {
  start: async () => (await import("./start.ts")).runStart(readConfig()),
  demo: async () => (await import("./demo/demo.ts")).runDemo(readConfig(), process.argv.slice(3)),
  verify: async () => (await import("./verify.ts")).runVerify(readConfig()),
};

const name = process.argv[2] ?? "start";
const command = commands[name];
if (!command) {
  console.error(
    `没有这个命令 · No such command: ${name}. 可用 · There are: ${Object.keys(commands).join(", ")}`,
  );
  process.exit(2);
}
try {
  process.exit(await command());
} catch (error) {
  // Words for whoever typed the command; the stack only where the fault is ours.
  if (error instanceof OnethingError) {
    console.error(`${error.public.zh}\n${error.public.en}`);
    for (const { field, text } of error.fields) console.error(`  ${field}: ${text.zh} · ${text.en}`);
  } else console.error(error);
  process.exit(1);
}
