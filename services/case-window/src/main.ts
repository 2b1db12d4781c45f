// The case window as a process of its own.
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { VerificationServiceDefinition } from "@onething/contracts/verification/v1/verification";
import { runProcess } from "@onething/service/process";
import { createService, schema } from "./service.ts";

await runProcess({
  name: "case-window",
  schema,
  create: (deps, { peer, fleeting }) =>
    createService({
      ...deps,
      fleeting,
      peers: {
        catalog: peer(CatalogServiceDefinition, "item-catalog"),
        verification: peer(VerificationServiceDefinition, "verification"),
        licences: peer(LicenceServiceDefinition, "licence-registry"),
      },
    }),
});
