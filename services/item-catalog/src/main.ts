// The item catalogue as a process of its own, on a database whose migrations have run.
import { openDatabase } from "@onething/postgres/database";
import { openKeyring } from "@onething/sealing/keyring";
import { createHttpServer } from "@onething/service/http-server";
import { createLog } from "@onething/service/log";
import { createMeters } from "@onething/service/meters";
import { startGrpcServer } from "@onething/service/rpc";
import { createVerifier } from "@onething/service/tokens";
import { readCity } from "./city.ts";
import { readConfig } from "./config.ts";
import { createService, schema } from "./service.ts";

const config = readConfig();
const { catalogue } = await readCity(config.catalogue);
const log = createLog({ service: "item-catalog", level: config.logLevel });
const database = (name: string) =>
  openDatabase({ url: config.databaseUrl, role: `${name}_service`, schema: name });
const [db, keys] = [database(schema), database("keyring")];
const keyring = await openKeyring({ db: keys, masterKeyFile: config.masterKeyFile });
const deps = {
  db,
  keyring,
  log,
  meters: createMeters(),
  now: () => new Date(),
  authenticate: createVerifier({ jwks: config.jwks, issuer: config.issuer }),
  token: () => Promise.reject(new Error("item-catalog calls nobody")),
};

const service = createService({ ...deps, city: catalogue });
await service.start?.();
const grpc = await startGrpcServer({ doors: service.rpc, deps, address: config.grpcAddress });
const http = await createHttpServer({
  apps: service.routes ? [service.routes] : [],
  ...config.http,
  title: "事项库 · Item catalogue",
  log,
  meters: deps.meters,
  ready: { database: () => db.query("select 1") },
});
log.info({ grpc: grpc.address, http: http.url }, "the catalogue is published");

const stop = async () => {
  await Promise.all([grpc.stop(), http.stop()]);
  await service.stop();
  await keyring.close();
  await Promise.all([db.close(), keys.close()]);
};
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
