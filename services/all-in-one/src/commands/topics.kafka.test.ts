// On a broker of its own: the command makes topics under their real names.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineMissing } from "@onething/engines/engine";
import { type Broker, startBroker } from "@onething/engines/kafka-broker";
import { setLogin } from "@onething/engines/kafka-login";
import { topicNames } from "@onething/events/kafka/topics";
import { makeCertificates } from "@onething/service/certificates";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { onething, refused } from "./command.fixture.ts";

let folder: string;
let broker: Broker | undefined;
beforeAll(async () => {
  if (!inject("kafkaBrokers")) return;
  folder = mkdtempSync(join(tmpdir(), "onething-topics-"));
  await makeCertificates({ folder: join(folder, "certs"), names: ["kafka", "topics"] });
  const secured = join(folder, "certs/kafka");
  broker = await startBroker({ folder: join(folder, "broker"), secured }).catch((error: unknown) => {
    if (error instanceof EngineMissing) return undefined;
    throw error;
  });
});
afterAll(async () => {
  await broker?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const withBroker = (name: string, run: (at: { ONETHING_KAFKA_BROKERS: string }) => Promise<void>) =>
  test(name, { timeout: 120_000 }, async ({ skip }) => {
    if (!broker) return skip("a broker of our own cannot be had here");
    await run({ ONETHING_KAFKA_BROKERS: broker.url });
  });

withBroker("more copies than brokers are refused, in the broker's words, and nothing is made", async (at) => {
  const said = await refused(["topics"], { ...at, ONETHING_TOPIC_REPLICATION: "3" });
  expect(said).toMatch(/Kafka cannot be used: .*replicat/i);
});

withBroker(
  "topics are made once, and are there when it is run again; a number of partitions is for life, and who wants another is told",
  async (at) => {
    const lines = (partitions: number, did: string) =>
      topicNames.map((topic) => `${topic}  ${partitions}  ${did}\n`).join("");
    const topics = (more = {}) => onething(["topics"], { ...at, ...more });
    const few = { ONETHING_TOPIC_PARTITIONS: "3" };
    expect(await topics(few)).toEqual({ code: 0, err: "", out: lines(3, "已创建 · created") });
    expect(await topics(few)).toEqual({ code: 0, err: "", out: lines(3, "已存在 · was there") });
    const other = await topics({ ONETHING_TOPIC_PARTITIONS: "12" });
    expect(other.code).toBe(1);
    expect(other.out).toContain(`${topicNames[0]}  3  已存在，分区数不变`);
    expect(other.err).toMatch(/一经创建便不能更改[\s\S]*is fixed when it is made/);
  },
);

withBroker(
  "where brokers ask for TLS and a login, the command has them, or is refused in words",
  async () => {
    await setLogin(broker!, "onething", "a password");
    const passwordFile = join(folder, "password");
    writeFileSync(passwordFile, "a password\n");
    const brokers = { ONETHING_KAFKA_BROKERS: broker!.secured, ONETHING_TOPIC_PARTITIONS: "3" };
    const tls = { ...brokers, ONETHING_KAFKA_TLS: join(folder, "certs/topics") };
    const whole = { ...tls, ONETHING_KAFKA_USER: "onething", ONETHING_KAFKA_PASSWORD_FILE: passwordFile };
    expect(await onething(["topics"], whole)).toMatchObject({ code: 0, err: "" });
    expect(await refused(["topics"], { ...whole, ONETHING_KAFKA_USER: "somebody" })).toMatch(
      /[Aa]uthentication/,
    );
    expect(await refused(["topics"], { ...tls, ONETHING_KAFKA_USER: "onething" })).toMatch(/go together/);
    expect(await refused(["topics"], { ...whole, ONETHING_KAFKA_TLS: join(folder, "no") })).toMatch(
      /no\/ca\.pem/,
    );
  },
);

test("no broker, no address, no number: each is said in words", { timeout: 120_000 }, async () => {
  const at = { ONETHING_KAFKA_BROKERS: "127.0.0.1:1" };
  expect(await refused(["topics"], at)).toMatch(/Kafka cannot be used: .*ECONNREFUSED 127\.0\.0\.1:1/);
  expect(await refused(["topics"])).toMatch(/ONETHING_KAFKA_BROKERS: 必填 · is required/);
  for (const ONETHING_KAFKA_BROKERS of ["kafka", "kafka:one", "kafka:99999", ",", "http://kafka:9092"])
    expect(await refused(["topics"], { ONETHING_KAFKA_BROKERS }), ONETHING_KAFKA_BROKERS).toMatch(
      /ONETHING_KAFKA_BROKERS: 应为 主机:端口.* must be host:port/,
    );
  for (const [name, value] of Object.entries({
    ONETHING_TOPIC_PARTITIONS: "0",
    ONETHING_TOPIC_REPLICATION: "three",
  }))
    expect(await refused(["topics"], { ...at, [name]: value })).toContain(name);
});
