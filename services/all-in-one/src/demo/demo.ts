// `npm run demo`: one case from request to licences, on a data folder of its own.
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { invalid } from "@onething/kernel/errors";
import { createTemporaryData, removeData } from "@onething/postgres/data-folder";
import { createLog } from "@onething/service/log";
import { type Config, keysBeside } from "../config.ts";
import { run } from "../start.ts";
import { documentOf } from "./document.ts";
import { type Playable, play, scriptOf } from "./play.ts";
import { print } from "./print.ts";

interface Stoppable {
  stop(): Promise<void>;
}

const usage =
  "npm run demo -- [BUNDLE] [--refuse ITEM]… [--window ACCOUNT] [--lang zh|en] [--scaled] [--json]";

function readArguments(args: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        bundle: { type: "string" },
        refuse: { type: "string", multiple: true, default: [] },
        window: { type: "string" },
        lang: { type: "string", default: "zh" },
        json: { type: "boolean", default: false },
        scaled: { type: "boolean", default: false },
      },
    });
    if (values.lang !== "zh" && values.lang !== "en") throw new Error(`--lang ${values.lang}`);
    if (positionals.length > 1) throw new Error(positionals.join(" "));
    return { ...values, bundle: values.bundle ?? positionals[0] };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw invalid(
      "demo.usage",
      `参数不对：${why}\n用法：${usage}`,
      `Wrong arguments: ${why}\nUsage: ${usage}`,
    );
  }
}

/** Says on standard error what it starts and where Kafka and Redis come from: standard output is the demo's alone. */
async function startScaledSaying(config: Config, refuse: string[]): Promise<Playable & Stoppable> {
  const { startScaled } = await import("../scaled/scaled.ts");
  const say = (line: string) => process.stderr.write(`${line}\n`);
  say(
    "正在启动五个服务、每个两个副本，以及 Kafka 和 Redis… · Starting five services, two replicas each, with Kafka and Redis…",
  );
  const running = await startScaled(config, {
    play: { refuse },
    log: createLog({ service: "demo", level: config.logLevel }),
    onLine: say,
  });
  const { kafka, redis } = running.engines;
  say(`Kafka: ${kafka.how}\nRedis: ${redis.how}`);
  return running;
}

/** Exit code 0 when the case ended, whatever its outcome. */
export async function runDemo(config: Config, args: string[]): Promise<number> {
  const options = readArguments(args);
  const data =
    config.dataNamed || config.databaseUrl ? config.data : await createTemporaryData("onething-demo-");
  try {
    const own = { ...config, data, port: 0, grpcPort: 0, simulator: true, officers: true };
    const running = options.scaled
      ? await startScaledSaying(own, options.refuse)
      : await run(own, { refuse: options.refuse });
    try {
      const script = scriptOf(running, options.bundle);
      const played = await play(running, options.window ? { ...script, window: options.window } : script);
      const items = new Set(played.case.items.map((item) => item.code));
      const strange = options.refuse.filter((code) => !items.has(code));
      if (strange.length > 0)
        throw invalid(
          "demo.not_in_case",
          `这次办理里没有 ${strange.join("、")}，无法演示拒绝它；有：${[...items].join("、")}`,
          `${strange.join(", ")} is not in this case, so nothing refused it; there are: ${[...items].join(", ")}`,
        );
      if (options.json) process.stdout.write(`${JSON.stringify(documentOf(played), null, 2)}\n`);
      else print(played, options.lang === "en" ? "en" : "zh", (line) => console.log(line));
      return 0;
    } finally {
      await running.stop();
    }
  } finally {
    if (data !== config.data) {
      await removeData(data);
      await rm(keysBeside(data), { recursive: true, force: true });
    }
  }
}
