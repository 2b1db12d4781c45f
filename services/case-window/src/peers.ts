// The services a case asks: what is needed, is it proved, who is this.
import type { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import type { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import type { VerificationServiceDefinition } from "@onething/contracts/verification/v1/verification";
import type { Client } from "@onething/service/client";

export interface Peers {
  catalog: Client<typeof CatalogServiceDefinition>;
  verification: Client<typeof VerificationServiceDefinition>;
  licences: Client<typeof LicenceServiceDefinition>;
}
