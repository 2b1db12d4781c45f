// Mutual TLS between processes. Each has a folder with ca.pem, cert.pem and key.pem, which is looked at again every two
// seconds, so that a certificate is replaced without a restart. Who calls is who its certificate names.
import { access, constants } from "node:fs/promises";
import { join } from "node:path";
import {
  type ChannelCredentials,
  experimental,
  type ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptor,
} from "@grpc/grpc-js";
import { invalid, unauthenticated } from "@onething/kernel/errors";
import type { Caller } from "./types.ts";

const refreshIntervalMs = 2_000;

/** Names in certificates: a service by its own, a department as `department:<code>`. */
export const departmentName = (code: string): string => `department:${code}`;

const provider = (folder: string) =>
  new experimental.FileWatcherCertificateProvider({
    caCertificateFile: join(folder, "ca.pem"),
    certificateFile: join(folder, "cert.pem"),
    privateKeyFile: join(folder, "key.pem"),
    refreshIntervalMs,
  });

/** For a server that answers only to certificates of its own authority. Resolves when they have been read. */
export async function serverCredentials(folder: string): Promise<ServerCredentials> {
  await mustHoldCertificate(folder);
  const files = provider(folder);
  await firstRead(files, folder);
  const credentials = experimental.createCertificateProviderServerCredentials(files, files, true);
  return experimental.createServerCredentialsWithInterceptors(credentials, [namePeer]);
}

/** Errors: `tls.unreadable`. */
export async function mustHoldCertificate(folder: string): Promise<void> {
  const files = ["ca.pem", "cert.pem", "key.pem"].map((file) => access(join(folder, file), constants.R_OK));
  await Promise.all(files).catch((cause: unknown) => {
    throw unreadable(folder, cause);
  });
}

const patienceMs = 20_000;

function firstRead(files: experimental.FileWatcherCertificateProvider, folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => settle(() => reject(unreadable(folder))), patienceMs);
    const settle = (done: () => void) => {
      clearTimeout(late);
      files.removeIdentityCertificateListener(hear);
      done();
    };
    const hear: experimental.IdentityCertificateUpdateListener = (update) => {
      // Not from within its own call: it is still being added.
      if (update) setImmediate(() => settle(resolve));
    };
    files.addIdentityCertificateListener(hear);
  });
}

const unreadable = (folder: string, cause?: unknown) =>
  invalid(
    "tls.unreadable",
    `读不到证书：${folder} 里应有 ca.pem、cert.pem 和 key.pem`,
    `The certificate cannot be read: ${folder} should hold ca.pem, cert.pem and key.pem`,
    { cause },
  );

/** For calls to a server; `folder` is the caller's own. */
export function channelCredentials(folder: string): ChannelCredentials {
  const files = provider(folder);
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
