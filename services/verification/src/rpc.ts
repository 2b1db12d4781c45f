// The gRPC door.
import { VerificationServiceDefinition } from "@onething/contracts/verification/v1/verification";
import { type RpcDoor, rpc } from "@onething/service/rpc";
import type { VerbDeps } from "./verbs/deps.ts";
import { getReceipts } from "./verbs/get-receipts.ts";
import { resolve } from "./verbs/resolve.ts";

export const createDoor = (deps: VerbDeps): RpcDoor =>
  rpc(
    VerificationServiceDefinition,
    {
      resolve: async (request, { caller }) => ({ receipts: await resolve(deps, caller, request) }),
      getReceipts: async ({ caseId }) => ({ receipts: await getReceipts(deps, caseId) }),
    },
    { allow: { resolve: ["service"], getReceipts: ["service", "operator"] } },
  );
