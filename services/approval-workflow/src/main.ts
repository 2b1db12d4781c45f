// approval-workflow as a process of its own, on a database whose migrations have run.
import { openDatabase } from "@onething/postgres/database";
import { openKeyring } from "@onething/sealing/keyring";
import { createHttpServer } from "@onething/service/http";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createVerifier } from "@onething/service/tokens";
import { readConfig } from "./config.ts";
import { createService, schema } from "./service.ts";

const config = readConfig();
const log = createLog({ service: "approval-workflow", level: config.logLevel });
const database = (name: string) =>
  openDatabase({ url: config.databaseUrl, role: `${name}_service`, schema: name });
const db = database(schema);
const keys = database("keyring");
const keyring = await openKeyring({ db: keys, masterKeyFile: config.masterKeyFile });
const deps = {
  db,
  keyring,
  log,
  meters: createMeters(),
  now: () => new Date(),
  authenticate: createVerifier({ jwks: config.jwks, issuer: config.issuer }),
  token: () => Promise.reject(new Error("approval-workflow calls nobody")),
};

const service = createService(deps);
await service.start?.();
const grpc = await startGrpcServer({ doors: service.rpc, deps, address: config.grpcAddress });
const http = await createHttpServer({
  apps: service.routes ? [service.routes] : [],
  host: config.httpHost,
  port: config.httpPort,
  title: "审批 · approval-workflow",
  log,
  meters: deps.meters,
  ready: { database: () => db.query("select 1") },
});
log.info({ grpc: grpc.address, http: http.url }, "ready");

const stop = async () => {
  await Promise.all([grpc.stop(), http.stop()]);
  await service.stop();
  await keyring.close();
  await Promise.all([db.close(), keys.close()]);
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
