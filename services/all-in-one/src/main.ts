// The `onething` command.
import { complain } from "@onething/service/leaving";
import { readConfig } from "./config.ts";

const commands: Record<string, () => Promise<number>> = {
  start: async () => (await import("./start.ts")).runStart(readConfig()),
  demo: async () => (await import("./demo/demo.ts")).runDemo(readConfig(), process.argv.slice(3)),
  verify: async () => (await import("./verify.ts")).runVerify(readConfig()),
  migrate: async () => (await import("./commands/migrate.ts")).runMigrate(),
  topics: async () => (await import("./commands/topics.ts")).runTopics(),
  certs: async () => (await import("./commands/certs.ts")).runCerts(process.argv.slice(3)),
  stuck: async () => (await import("./commands/stuck.ts")).runStuck(process.argv.slice(3)),
  "rotate-master-key": async () =>
    (await import("./commands/rotate-master-key.ts")).runRotateMasterKey(process.argv.slice(3)),
  front: async () => {
    const { readFrontConfig } = await import("./front/config.ts");
    return (await import("./front/front.ts")).runFront(readFrontConfig());
  },
  simulator: async () => {
    const { readSimulatorConfig } = await import("./trial/config.ts");
    return (await import("./trial/simulator.ts")).runSimulator(readSimulatorConfig());
  },
  smoke: async () => {
    const { readCatalogue } = await import("./trial/config.ts");
    return (await import("./trial/smoke.ts")).runSmoke(process.argv.slice(3), readCatalogue());
  },
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
  complain(error);
  process.exit(1);
}
