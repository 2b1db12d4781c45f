// `node test/bench/host.ts one|scaled DATA`: a platform with its simulator in a process tree of its own, so that its processor
// time can be told from its client's. Says its address over the channel to its parent, and leaves with it.
import { readConfig } from "@onething/all-in-one/config";
import { startScaled } from "@onething/all-in-one/scaled/scaled";
import { run } from "@onething/all-in-one/start";
import { createLog } from "@onething/service/log";

const [way, data = ""] = process.argv.slice(2);
const config = { ...readConfig({ ONETHING_DATA: data, ONETHING_LIMITS: "off" }), port: 0, grpcPort: 0 };
const log = createLog({ service: "bench", level: "error" });
const play = { delayMs: [1, 5] as [number, number] };
const running = way === "scaled" ? await startScaled(config, { play, log }) : await run(config, play, log);
process.once("disconnect", () => {
  running.stop().finally(() => process.exit(0));
});
process.send?.({ url: running.platform.url });
