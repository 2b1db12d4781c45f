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
import { certificateFiles } from "./certificate-files.ts";
import type { Caller } from "./types.ts";

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

/** Carries the name of the peer's certificate to the handler; what a caller writes there itself is thrown away. */
export const peerHeader = "onething-peer";

const namePeer: ServerInterceptor = (_, call) =>
  new ServerInterceptingCall(call, {
    start: (next) =>
      next({
        onReceiveMetadata: (metadata, pass) => {
          const name = call.getAuthContext().sslPeerCertificate?.subject?.CN;
          metadata.remove(peerHeader);
          if (typeof name === "string") metadata.set(peerHeader, name);
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
