// Verification as a process of its own.
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { runProcess } from "@onething/service/process";
import { createService, schema } from "./service.ts";

await runProcess({
  name: "verification",
  schema,
  create: (deps, { config, peer }) =>
    createService({
      ...deps,
      peers: { licences: peer(LicenceServiceDefinition, "licence-registry") },
      registers: config.registers,
      registerClient: { firstRetryMs: config.firstRetryMs },
    }),
});
