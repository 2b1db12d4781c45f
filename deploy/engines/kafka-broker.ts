// One Kafka broker of our own: a single KRaft node in a folder, on this machine only. Started again in its folder it has its
// old port and its old data, so tests may kill it and see it return.
import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, hasEnded, watch } from "./child.ts";
import { type Engine, EngineMissing } from "./engine.ts";
import { jarFolder } from "./jars.ts";
import { findJava } from "./java.ts";

export interface BrokerOptions {
  /** Data, settings and log. */
  folder: string;
  /** Where a new broker listens; a free port unless one is named. */
  port?: number;
  /** The folder goes when the broker is stopped or its owner is gone. */
  temporary?: boolean;
  env?: NodeJS.ProcessEnv;
  /** A second door, for those with a certificate of this authority and a login: folder with ca.pem, cert.pem, key.pem. */
  secured?: string;
}

export interface Broker extends Engine {
  pid: number;
  /** The second door's address, if there is one. */
  secured: string;
  folder: string;
  /** Ends when the process does, asked or not. */
  exited: Promise<void>;
}

interface Ports {
  broker: number;
  controller: number;
  secured: number;
}

const START_LIMIT_MS = 90_000;
const STOP_LIMIT_MS = 20_000;
const STARTS = 3;
const MEND = "look at kafka.log, start Docker, or set KAFKA_BROKERS=host:port";
// What one broker for one machine needs: little memory, a start in two seconds.
const JVM = ["-Xms64m", "-Xmx320m", "-Xss512k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const [java, jars] = await Promise.all([findJava(options.env), jarFolder({ env: options.env })]);
  const args = [
    ...JVM,
    `-Dlog4j2.configurationFile=${join(options.folder, "log4j2.properties")}`,
    ...["-cp", `${jars}/*`, "kafka.Kafka", join(options.folder, "server.properties")],
  ];
  for (let start = 1; ; start++) {
    const ports = await prepare(options);
    const result = await launch({ file: java.file, args, env: java.env }, options, ports);
    if (typeof result !== "string") return { ...result, how: `Kafka: pinned jars on ${java.how}` };
    const taken = /Address already in use|BindException/.test(result) && !options.port;
    if (!taken || start === STARTS) throw new EngineMissing(`Kafka did not start: ${result}.`, MEND);
    rmSync(join(options.folder, "ports.json"));
  }
}

/** Writes what a new broker starts from; a folder that has it keeps it. */
async function prepare({ folder, port, secured }: BrokerOptions): Promise<Ports> {
  const portsFile = join(folder, "ports.json");
  if (!existsSync(portsFile)) {
    const ports = {
      broker: port ?? (await freePort()),
      controller: await freePort(),
      secured: await freePort(),
    };
    mkdirSync(join(folder, "data"), { recursive: true });
    writeFileSync(join(folder, "log4j2.properties"), LOGGING);
    writeFileSync(join(folder, "server.properties"), propertiesOf(folder, ports, secured));
    if (secured) writeFileSync(join(folder, "broker.pem"), pemOf(secured), { mode: 0o600 });
    const meta = join(folder, "data/meta.properties");
    if (!existsSync(meta)) writeFileSync(meta, META);
    writeFileSync(portsFile, JSON.stringify(ports));
  }
  return JSON.parse(readFileSync(portsFile, "utf8")) as Ports;
}

async function launch(
  { file, args, env }: { file: string; args: string[]; env: NodeJS.ProcessEnv },
  { folder, temporary }: BrokerOptions,
  ports: Ports,
): Promise<Omit<Broker, "how"> | string> {
  const log = join(folder, "kafka.log");
  const from = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
  const output = openSync(log, "a");
  const child = spawn(file, args, {
    cwd: folder,
    env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", ...env },
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  if (child.pid !== undefined) watch(child, temporary ? folder : "");
  const written = () => readFileSync(log).subarray(from).toString();
  for (const limit = Date.now() + START_LIMIT_MS; !hasEnded(child) && Date.now() < limit; await sleep(25)) {
    if (!written().includes("Kafka Server started")) continue;
    const stop = async () => {
      await end(child, exited, temporary ? "SIGKILL" : "SIGTERM");
      if (temporary) rmSync(folder, { recursive: true, force: true });
    };
    const [url, secured] = [ports.broker, ports.secured].map((port) => `127.0.0.1:${port}`) as [
      string,
      string,
    ];
    return { url, secured, pid: child.pid!, folder, exited, stop };
  }
  await end(child, exited, "SIGKILL");
  return lastWords(written());
}

/** A paused process hears no SIGTERM; one whose data goes with it needs no good-bye. */
async function end(child: ChildProcess, exited: Promise<void>, signal: NodeJS.Signals): Promise<void> {
  if (hasEnded(child)) return;
  child.ref();
  child.kill("SIGCONT");
  child.kill(signal);
  const limit = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
  await exited;
  clearTimeout(limit);
}

function lastWords(log: string): string {
  const lines = log.trim().split("\n");
  const bad = lines.filter((line) => /ERROR|FATAL|Exception|Error/.test(line));
  return (bad.length > 0 ? bad : lines).slice(-3).join(" · ") || "it wrote nothing";
}

/** The ids are any; each broker here is a cluster of its own that nobody else joins. */
const META = `version=1
cluster.id=b25ldGhpbmctY2x1c3Rlcg
node.id=1
directory.id=b25ldGhpbmctZm9sZGVyXw
`;

const LOGGING = `status = error
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %d{ISO8601} %p %m (%c{1})%n
rootLogger.level = info
rootLogger.appenderRef.out.ref = out
`;

/** As the broker wants its key and its certificate: in one file. */
const pemOf = (folder: string): string =>
  ["key.pem", "cert.pem"].map((name) => readFileSync(join(folder, name), "utf8")).join("\n");

/** Replicas of one, no wait for members that will not come, and topics only where somebody made them. */
const propertiesOf = (
  folder: string,
  { broker, controller, secured: port }: Ports,
  secured: string | undefined,
): string => `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controller}
listeners=PLAINTEXT://127.0.0.1:${broker},CONTROLLER://127.0.0.1:${controller}${secured ? `,SECURED://127.0.0.1:${port}` : ""}
advertised.listeners=PLAINTEXT://127.0.0.1:${broker}${secured ? `,SECURED://127.0.0.1:${port}` : ""}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SECURED:SASL_SSL
${secured ? securedProperties(folder, secured) : ""}log.dirs=${join(folder, "data")}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=8388608
num.network.threads=2
num.io.threads=4
background.threads=2
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
`;

const securedProperties = (folder: string, secured: string): string => `sasl.enabled.mechanisms=SCRAM-SHA-512
ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location=${join(folder, "broker.pem")}
ssl.truststore.type=PEM
ssl.truststore.location=${join(secured, "ca.pem")}
listener.name.secured.scram-sha-512.sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required;
`;
