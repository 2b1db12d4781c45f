// Real Kafka and Redis for .ci/images: prints where they are, and stops them when it is told to leave.
import { findKafka } from "../deploy/engines/kafka.ts";
import { findRedis } from "../deploy/engines/redis.ts";

const engines = await Promise.all([findKafka(), findRedis()]);
process.stdout.write(`${engines.map(({ url }) => url).join(" ")}\n`);
process.on("SIGTERM", async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  process.exit();
});
setInterval(() => {}, 60_000);
