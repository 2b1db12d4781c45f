// The `onething` command.
import { complain } from "@onething/service/leaving";
import { readConfig } from "./config.ts";
import { type Usage, usageProblem } from "./usage.ts";

interface Command extends Usage {
  run(args: string[]): Promise<number>;
}

const commands: Record<string, Command> = {
  start: {
    usage: "onething start",
    run: async () => (await import("./start.ts")).runStart(readConfig()),
  },
  demo: {
    usage:
      "onething demo [--bundle CODE] [--refuse ITEM]… [--window ACCOUNT] [--lang zh|en] [--scaled] [--json]",
    options: ["bundle", "refuse", "window", "lang", "scaled", "json"],
    words: 99,
    run: async (args) => (await import("./demo/demo.ts")).runDemo(readConfig(), args),
  },
  verify: {
    usage: "onething verify",
    run: async () => (await import("./verify.ts")).runVerify(readConfig()),
  },
  migrate: {
    usage: "onething migrate",
    run: async () => (await import("./commands/migrate.ts")).runMigrate(),
  },
  topics: {
    usage: "onething topics",
    run: async () => (await import("./commands/topics.ts")).runTopics(),
  },
  certs: {
    usage: "onething certs [FOLDER] [HOST]… | onething certs revoke NAME|FILE [FOLDER]",
    words: 99,
    run: async (args) => (await import("./commands/certs.ts")).runCerts(args),
  },
  stuck: {
    usage: "onething stuck [show EVENT | replay CONSUMER CASE]",
    words: 99,
    run: async (args) => (await import("./commands/stuck.ts")).runStuck(args),
  },
  conform: {
    usage:
      "onething conform register --address HOST:PORT --person NUMBER --evidence CODE [--to NUMBER] [--within MS] [--tls FOLDER [--name NAME]] | system --department CODE --port PORT [--does supplement,pause] [--host HOST] [--tls FOLDER] [--seconds N]",
    options: [
      ...["address", "person", "evidence", "to", "within", "tls", "name"],
      ...["department", "port", "does", "host", "seconds"],
    ],
    words: 99,
    run: async (args) => (await import("./conform/conform.ts")).runConform(args),
  },
  "rotate-master-key": {
    usage: "onething rotate-master-key [prepare | finish]",
    words: 99,
    run: async (args) => (await import("./commands/rotate-master-key.ts")).runRotateMasterKey(args),
  },
  front: {
    usage: "onething front",
    run: async () => {
      const { readFrontConfig } = await import("./front/config.ts");
      return (await import("./front/front.ts")).runFront(readFrontConfig());
    },
  },
  simulator: {
    usage: "onething simulator",
    run: async () => {
      const { readSimulatorConfig } = await import("./trial/config.ts");
      return (await import("./trial/simulator.ts")).runSimulator(readSimulatorConfig());
    },
  },
  smoke: {
    usage: "onething smoke [URL] [--bundle CODE]",
    options: ["bundle"],
    words: 2,
    run: async (args) => {
      const { readCatalogue } = await import("./trial/config.ts");
      return (await import("./trial/smoke.ts")).runSmoke(args, readCatalogue());
    },
  },
};

const [name = "start", ...args] = process.argv.slice(2);
const help = (asked: string): boolean => asked === "--help" || asked === "-h";
const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (help(name) || (command && args.some(help))) {
  const shown = command ? [command] : Object.values(commands);
  console.log(["用法 · Usage:", ...shown.map(({ usage }) => `  ${usage}`)].join("\n"));
  process.exit(0);
}
if (!command) {
  console.error(
    `没有这个命令 · No such command: ${name}. 可用 · There are: ${Object.keys(commands).join(", ")}`,
  );
  process.exit(2);
}
const problem = usageProblem(command, args);
if (problem) {
  console.error(`${problem}\n用法 · Usage: ${command.usage}`);
  process.exit(2);
}
try {
  process.exit(await command.run(args));
} catch (error) {
  complain(error);
  process.exit(1);
}
