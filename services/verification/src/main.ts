// Verification as a process of its own: migrates, opens what the service needs, and serves gRPC until it is told to stop.
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { createFeed } from "@onething/events/feed";
import { openDatabase } from "@onething/postgres/database";
import { migrate } from "@onething/postgres/migrate";
import { keyringMigrations, openKeyring } from "@onething/sealing/keyring";
import { grpcClient } from "@onething/service/client";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createVerifier } from "@onething/service/tokens";
import { readConfig } from "./config.ts";
import { createService, migrations, schema } from "./service.ts";

const config = readConfig();
const log = createLog({ service: schema, level: config.logLevel });
const meters = createMeters();

const schemas = { [schema]: migrations, keyring: [keyringMigrations] };
for (const [name, directories] of Object.entries(schemas)) {
  await migrate(config.databaseUrl, { schema: name, role: `${name}_service`, directories });
}
const open = (name: string) =>
  openDatabase({ url: config.databaseUrl, role: `${name}_service`, schema: name });
const db = open(schema);
const keys = open("keyring");
const keyring = await openKeyring({ db: keys, masterKeyFile: config.masterKeyFile });
const token = async () => config.serviceToken;
const licences = grpcClient(LicenceServiceDefinition, config.licencesAddress, {
  token,
  deadlineMs: 5000,
  meters,
});
const authenticate = createVerifier({ jwks: config.jwks, issuer: config.issuer });

const deps = { db, keyring, log, meters, now: () => new Date(), authenticate, token };
const { registers, registerClient } = config;
const service = createService({ ...deps, peers: { licences }, registers, registerClient });
const { read, onCommit } = service.journal;
const source = { name: service.name, read, onCommit };
const feeds = service.consumers.map((consumer) => createFeed({ consumer, db, source, log }));
const server = await startGrpcServer({ doors: service.rpc, deps, address: config.grpcAddress });
await service.start?.();
for (const feed of feeds) feed.start();
log.info({ grpc: server.address, registers: Object.keys(registers) }, "verification is ready");

async function stop(): Promise<void> {
  await server.stop();
  await Promise.all(feeds.map((feed) => feed.stop()));
  await service.stop();
  licences.close();
  await keyring.close();
  await Promise.all([db.close(), keys.close()]);
}
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
