// The licence registry as a process of its own. Migrations are run by whoever deploys, with the owner's role.
import { createFeed } from "@onething/events/feed";
import { read } from "@onething/journal/reading";
import { openDatabase } from "@onething/postgres/database";
import { openKeyring } from "@onething/sealing/keyring";
import { createHttpServer } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createVerifier } from "@onething/service/tokens";
import { readConfig } from "./config.ts";
import { createService, schema } from "./service.ts";

const config = readConfig();
const log = createLog({ service: "licence-registry", level: config.logLevel });
const database = (name: string, max: number) =>
  openDatabase({ url: config.databaseUrl, schema: name, role: `${name}_service`, max });
const [db, keys, approvals] = [database(schema, 10), database("keyring", 4), database("approval", 1)];
const keyring = await openKeyring({
  db: keys,
  masterKeyFile: config.masterKeyFile,
  actor: "service:licence-registry",
});
const deps = {
  db,
  keyring,
  log,
  meters: createMeters(),
  now: () => new Date(),
  authenticate: createVerifier({ jwks: config.jwks, issuer: config.issuer }),
  token: async () => config.serviceToken,
};
const service = createService({ ...deps, serialPrefix: config.serialPrefix });
// The event table of the publisher is the log; another process cannot wake us, so the feed polls.
const source = {
  name: "approval-workflow",
  read: (after: Parameters<typeof read>[1], limit: number) => read(approvals, after, limit),
  onCommit: () => () => {},
};
const feeds = service.consumers.map((consumer) => createFeed({ consumer, db, source, log }));
const grpc = await startGrpcServer({ doors: service.rpc, deps, address: config.grpcAddress });
const http = await createHttpServer({
  apps: service.routes ? [service.routes] : [],
  ...config.http,
  title: "电子证照库 · Licence registry",
  log,
  meters: deps.meters,
  ready: { database: () => db.query("select 1") },
});
await service.start?.();
for (const feed of feeds) feed.start();
log.info({ grpc: grpc.address, http: http.url }, "licence registry is open");

const stop = async () => {
  await Promise.all([http.stop(), grpc.stop(), ...feeds.map((feed) => feed.stop())]);
  await service.stop();
  await keyring.close();
  await Promise.all([db.close(), keys.close(), approvals.close()]);
};
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
