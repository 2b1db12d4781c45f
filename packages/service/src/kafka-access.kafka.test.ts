// A broker that asks for a certificate of its authority and for a login, as a city's own Kafka does.
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EngineMissing } from "@onething/engines/engine";
import { type Broker, startBroker } from "@onething/engines/kafka-broker";
import { setLogin } from "@onething/engines/kafka-login";
import { createKafkaBus, type KafkaAccess } from "@onething/events/kafka/bus";
import { startKafka } from "@onething/events/testing/kafka";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { makeCertificates } from "./certificates.ts";

let folder: string;
let broker: Broker | undefined;
let access: Required<KafkaAccess>;
const log = { warn: () => undefined, error: () => undefined };

beforeAll(async () => {
  if (!inject("kafkaBrokers")) return;
  folder = mkdtempSync(join(tmpdir(), "onething-secured-"));
  await makeCertificates({ folder: join(folder, "certs"), names: ["kafka", "case-window"] });
  await makeCertificates({ folder: join(folder, "other"), names: ["case-window"] });
  const secured = join(folder, "certs/kafka");
  broker = await startBroker({ folder: join(folder, "broker"), secured }).catch((error: unknown) => {
    if (error instanceof EngineMissing) return undefined;
    throw error;
  });
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, "first password\n");
  access = { tls: join(folder, "certs/case-window"), user: "onething", passwordFile };
  if (broker) await setLogin(broker, "onething", "first password");
});
afterAll(async () => {
  await broker?.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

const busWith = (changed: Partial<KafkaAccess>, brokers = broker!.secured) =>
  createKafkaBus({ brokers: [brokers], clientId: "test", log, access: { ...access, ...changed } });

async function answersWith(changed: Partial<KafkaAccess>): Promise<boolean> {
  const bus = busWith(changed);
  const answers = await bus.answers();
  await bus.close();
  return answers;
}

const withBroker = (name: string, run: () => Promise<void>) =>
  test(name, { timeout: 120_000 }, async ({ skip }) => {
    if (!broker) return skip("a broker of our own cannot be had here");
    await run();
  });

withBroker(
  "events go by a certificate and a login as they go in the open, each case in its order",
  async () => {
    const it = await startKafka({ brokers: broker!.url, secured: { brokers: [broker!.secured], access } });
    const lines = Array.from({ length: 30 }, (_, i) => String(i));
    it.member().start();
    await Promise.all(["one", "two"].map((caseId) => it.write(caseId, ...lines)));
    await it.relay.drain();
    for (const caseId of ["one", "two"])
      await vi.waitFor(async () => expect(await it.copied(caseId)).toEqual(lines), { timeout: 30_000 });
    await it.close();
  },
);

withBroker(
  "nobody gets in without a certificate of the authority, nor without the login's password",
  async () => {
    const wrong = join(folder, "wrong");
    writeFileSync(wrong, "another password");
    expect(await answersWith({})).toBe(true);
    expect(await answersWith({ tls: join(folder, "other/case-window") })).toBe(false);
    expect(await answersWith({ tls: undefined, user: undefined, passwordFile: undefined })).toBe(false);
    expect(await answersWith({ user: undefined, passwordFile: undefined })).toBe(false);
    expect(await answersWith({ user: "somebody" })).toBe(false);
    expect(await answersWith({ passwordFile: wrong })).toBe(false);
  },
);

withBroker("a broker that another authority vouches for is not believed", async () => {
  const folderOfBoth = join(folder, "believes-other");
  await makeCertificates({ folder: folderOfBoth, names: ["case-window"] });
  const tls = join(folderOfBoth, "case-window");
  for (const file of ["cert.pem", "key.pem"]) copyFileSync(join(access.tls!, file), join(tls, file));
  const bus = busWith({ tls });
  await expect(bus.createTopics({ partitions: 1, replication: 1 })).rejects.toMatchObject({
    code: "unavailable",
    reason: "kafka.refused",
    message: expect.stringMatching(/certificate/),
  });
  // Files are read for every connection: the right authority put in its place is enough, without a restart.
  copyFileSync(join(access.tls!, "ca.pem"), join(tls, "ca.pem"));
  expect(await bus.answers()).toBe(true);
  await bus.close();
});

withBroker("a changed password is used by itself", async () => {
  const bus = busWith({});
  await setLogin(broker!, "onething", "second password");
  expect(await bus.answers()).toBe(false);
  writeFileSync(access.passwordFile!, "second password\n");
  expect(await bus.answers()).toBe(true);
  await bus.close();
});

withBroker("what is missing is said at once, in words", async () => {
  const refused = (changed: Partial<KafkaAccess>) => {
    try {
      busWith(changed);
    } catch (error) {
      return error;
    }
  };
  const nowhere = join(folder, "nowhere");
  expect(refused({ tls: nowhere })).toMatchObject({
    reason: "kafka.unreadable",
    message: expect.stringMatching(/nowhere.ca.pem/),
  });
  expect(refused({ passwordFile: nowhere })).toMatchObject({ reason: "kafka.unreadable" });
  expect(refused({ passwordFile: undefined })).toMatchObject({ reason: "kafka.half_a_login" });
  expect(refused({ user: undefined })).toMatchObject({ reason: "kafka.half_a_login" });
  expect(refused({ tls: undefined })).toMatchObject({ reason: "kafka.login_in_clear" });
});
