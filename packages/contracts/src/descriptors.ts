import { readFileSync } from "node:fs";

/** The FileDescriptorSet of every contract, for gRPC reflection. */
export const descriptors = (): Uint8Array =>
  readFileSync(new URL("../gen/descriptors.binpb", import.meta.url));
