// The gRPC door: proto in, verb, proto out.
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import { type RpcDoor, rpc } from "@onething/service/rpc";
import { roles } from "@onething/service/types";
import type { InForce } from "./snapshot.ts";
import { getBundle } from "./verbs/get-bundle.ts";
import { listBundles } from "./verbs/list-bundles.ts";
import { plan } from "./verbs/plan.ts";

export const catalogDoor = (inForce: InForce): RpcDoor =>
  rpc(
    CatalogServiceDefinition,
    {
      listBundles: async () => ({ bundles: listBundles(inForce.snapshot) }),
      getBundle: async ({ code, version }) => getBundle(inForce.snapshot, code, version),
      plan: async (request) => ({ plan: plan(inForce.snapshot, request) }),
    },
    { allow: roles },
  );
