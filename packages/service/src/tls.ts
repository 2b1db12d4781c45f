// Mutual TLS between processes. Each has a folder with its certificate, which is replaced without a restart. Who calls is who
// its certificate names.
import {
  type ChannelCredentials,
  experimental,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
} from "@grpc/grpc-js";
import { unauthenticated } from "@onething/kernel/errors";
import type { Metadata } from "nice-grpc-common";
import { certificateFiles } from "./certificate-files.ts";
import type { Log } from "./log.ts";
import type { Caller } from "./types.ts";
import { openWithdrawals } from "./withdrawn.ts";

/** Names in certificates: a service by its own, a department as `department:<code>`. */
export const departmentName = (code: string): string => `department:${code}`;

/**
 * For a server that answers only to certificates of its own authority; without a folder the connection is plain. `innermost`
 * is nearest to the connection. Errors: `tls.unreadable`.
 */
export async function serverCredentials(
  folder: string | undefined,
  innermost: ServerInterceptor,
): Promise<ServerCredentials> {
  const within = experimental.createServerCredentialsWithInterceptors;
  if (folder === undefined) return within(ServerCredentials.createInsecure(), [innermost]);
  await mustHoldCertificate(folder);
  const files = certificateFiles(folder);
  const credentials = experimental.createCertificateProviderServerCredentials(files, files, true);
  return within(credentials, [innermost, namePeer]);
}

/** Errors: `tls.unreadable`. */
export async function mustHoldCertificate(folder: string): Promise<void> {
  await certificateFiles(folder).current();
}

/** For calls to a server; `folder` is the caller's own. */
export function channelCredentials(folder: string): ChannelCredentials {
  const files = certificateFiles(folder);
  return experimental.createCertificateProviderChannelCredentials(files, files);
}

/** Carry name and number of the peer's certificate to the door; what a caller writes there itself is thrown away. */
const peerHeader = "onething-peer";
const serialHeader = "onething-peer-serial";

/** Who stands at a door of mutual TLS. */
export interface Peers {
  /** Errors: `unauthenticated` for a name that is none, or a certificate that was withdrawn. */
  identify(metadata: Metadata): Promise<Caller>;
  /** Aborted when the caller's certificate is withdrawn while it is served. */
  withdrawn(metadata: Metadata): AbortSignal;
  close(): void;
}

/** Errors: `tls.revoked_unreadable`. */
export async function openPeers(folder: string, log: Pick<Log, "error" | "info">): Promise<Peers> {
  const withdrawals = await openWithdrawals(folder, log);
  const withdrawn = (metadata: Metadata) => withdrawals.of(metadata.get(serialHeader) ?? "");
  return {
    identify: async (metadata) => {
      withdrawn(metadata).throwIfAborted();
      return callerOfPeer(metadata.get(peerHeader));
    },
    withdrawn,
    close: withdrawals.close,
  };
}

const namePeer: ServerInterceptor = (_, call) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata: (metadata, pass) => {
          const { subject, serialNumber } = call.getAuthContext().sslPeerCertificate ?? {};
          for (const header of [peerHeader, serialHeader]) metadata.remove(header);
          if (typeof subject?.CN === "string") metadata.set(peerHeader, subject.CN);
          if (serialNumber) metadata.set(serialHeader, serialNumber);
          pass(metadata);
        },
      }),
  });

/** Who a certificate stands for. Errors: `unauthenticated` for a name that is none. */
export function callerOfPeer(name: string | undefined): Caller {
  const department = /^department:([\w-]{1,64})$/.exec(name ?? "")?.[1];
  if (department) return { sub: `${department}-system`, role: "department", department };
  if (name && /^[a-z][a-z-]{1,63}$/.test(name)) return { sub: name, role: "service" };
  throw unauthenticated(
    "certificate.unknown",
    "证书中的名称无法识别，请联系运维重新签发",
    "The name in the certificate is not one of ours; ask operations for a new one",
  );
}
