// The city as processes of its own: two replicas of each service, Kafka and Redis between them, mutual TLS, one front.
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keysBeside } from "@onething/all-in-one/config";
import { issuerName } from "@onething/all-in-one/platform";
import { callers, grpcAddresses, type ServiceName } from "@onething/all-in-one/scaled/layout";
import { type Scaled, startScaled } from "@onething/all-in-one/scaled/scaled";
import type { Play } from "@onething/all-in-one/start";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { AttachmentServiceDefinition } from "@onething/contracts/approval/v1/attachments";
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { OperationsServiceDefinition } from "@onething/contracts/operations/v1/operations";
import { VerificationServiceDefinition } from "@onething/contracts/verification/v1/verification";
import { WindowServiceDefinition } from "@onething/contracts/window/v1/window";
import { connect } from "@onething/events/kafka/connect";
import { certificateFolder, makeCertificates } from "@onething/service/certificates";
import { grpcClient } from "@onething/service/client";
import { departmentName } from "@onething/service/tls";
import { createIssuer } from "@onething/service/tokens";
import type { Caller } from "@onething/service/types";
import type { CompatServiceDefinition } from "nice-grpc";
import { inject } from "vitest";
import type { Here, Way } from "../harness.ts";
import type { Ground } from "./ground.ts";

export interface AtScale extends Here {
  scaled: Scaled;
}

const serviceOf = new Map<CompatServiceDefinition, ServiceName>([
  [CatalogServiceDefinition, "item-catalog"],
  [VerificationServiceDefinition, "verification"],
  [LicenceServiceDefinition, "licence-registry"],
  [ApprovalServiceDefinition, "approval-workflow"],
  [AttachmentServiceDefinition, "approval-workflow"],
  [WindowServiceDefinition, "case-window"],
  // Every process has this one.
  [OperationsServiceDefinition, "case-window"],
]);

export const atScale: Way<AtScale> = {
  prepare: (ground) => emptyTopics(inject("kafkaBrokers"), ground),
  begin: async (ground, play) => {
    const { config, log, hear } = ground;
    const engine = (url: string) => ({ url, how: "of the run", stop: async () => {} });
    const scaled = await startScaled(config, {
      ...{ log, play, env: environmentOf(ground, play) },
      engines: { kafka: engine(inject("kafkaBrokers")), redis: engine(inject("redisUrl")) },
      onLine: (line) => hear(`${line}\n`),
    });
    const outside = await strangersCertificate(scaled.certificates);
    const grpc: Here["grpc"] = (definition, caller) => {
      const name = serviceOf.get(definition) ?? "case-window";
      const certificate = certificateOf(caller);
      const folder = certificate ? certificateFolder(scaled.certificates, certificate) : outside;
      const tls = { folder, name };
      return grpcClient(definition, grpcAddresses(scaled.places, name), { deadlineMs: 10_000, tls });
    };
    const { sample } = scaled.platform;
    const registry = grpc(LicenceServiceDefinition, { sub: "front", role: "service" });
    const people = await Promise.all(
      [...sample.known].map(async ([key, { identityNumber, name }]) => {
        const { personId } = await registry.identify({ identityNumber, name });
        return [key, personId] as const;
      }),
    );
    registry.close();
    const keyFile = join(keysBeside(config.data), "issuer.json");
    const issuer = await createIssuer({
      issuer: issuerName,
      keyFile,
      ...(play.now ? { now: play.now } : {}),
    });
    return {
      ...{ scaled, grpc },
      ...{ city: scaled.city, simulator: scaled.simulator, stop: scaled.stop },
      platform: { ...scaled.platform, issuer, sample: { ...sample, people: new Map(people) } },
    };
  },
};

/** What of a process was compiled once need not be again at each of its many starts. */
const compiled = fileURLToPath(new URL("../../.cache/compiled", import.meta.url));

/** What the processes are told besides their places: the story's settings, its clock, and this process's zone. */
function environmentOf({ env }: Ground, { now }: Play): Record<string, string> {
  const clock = new URL("clock-ahead.ts", import.meta.url);
  if (now) clock.searchParams.set("ms", String(now().getTime() - Date.now()));
  return {
    ...env,
    NODE_COMPILE_CACHE: compiled,
    ...(now ? { NODE_OPTIONS: `--import=${clock.href}` } : {}),
    ...(process.env.TZ ? { TZ: process.env.TZ } : {}),
  };
}

/** Here who calls is who the certificate names; people, officers and operators have none and come over HTTP. */
function certificateOf(caller: Caller | undefined): string | undefined {
  if (caller?.role === "department") return departmentName(caller.department!);
  if (caller?.role !== "service") return undefined;
  return callers.find((name) => name === caller.sub) ?? "operator";
}

/** Good names, and an authority that is not ours. */
async function strangersCertificate(ours: string): Promise<string> {
  const folder = join(ours, "..", "strangers");
  await makeCertificates({ folder, names: ["operator"] });
  const own = certificateFolder(folder, "operator");
  await cp(join(ours, "ca.pem"), join(own, "ca.pem"));
  return own;
}

/** What an earlier city of the run, or of another run on the same broker, has left. */
async function emptyTopics(brokers: string, { log }: Ground): Promise<void> {
  const connection = connect({ brokers: brokers.split(","), clientId: "stories", log });
  try {
    await connection.ask(async (admin) => {
      const topics = (await admin.listTopics()).filter((name) => name.startsWith("onething."));
      if (topics.length > 0) await admin.deleteTopics({ topics });
    });
  } finally {
    await connection.close();
  }
}
