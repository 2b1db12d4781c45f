// A process's own certificate as it lies in a folder: ca.pem, cert.pem and key.pem, looked at again every two seconds. Files
// are replaced one by one, and sometimes wrongly: in use is always the last set that could be read and fits together.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import type { experimental } from "@grpc/grpc-js";
import { invalid, OnethingError } from "@onething/kernel/errors";
import type { Log } from "./log.ts";

export interface CertificateSet {
  ca: Buffer;
  certificate: Buffer;
  privateKey: Buffer;
  validTo: Date;
}

export interface CertificateFiles extends experimental.CertificateProvider {
  /** What is in use. Errors: `tls.unreadable`, where nothing could be used yet. */
  current(): Promise<CertificateSet>;
}

const lookMs = 2_000;
/** Two lookers in one process that find the same folder wrong are one line in the log. */
const watched = new Map<string, CertificateFiles>();
let log: Pick<Log, "error" | "info"> | undefined;

/** Where it is said that a new certificate cannot be used. */
export const logCertificatesTo = (to: typeof log): void => {
  log = to;
};

/** One for each folder, whoever asks. */
export function certificateFiles(folder: string): CertificateFiles {
  const known = watched.get(folder) ?? watch(folder);
  watched.set(folder, known);
  return known;
}

function watch(folder: string): CertificateFiles {
  let set: CertificateSet | undefined;
  let complaint = "";
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const authorities = new Set<experimental.CaCertificateUpdateListener>();
  const identities = new Set<experimental.IdentityCertificateUpdateListener>();
  const tell = ({ ca, certificate, privateKey }: CertificateSet): void => {
    for (const hear of authorities) hear({ caCertificate: ca });
    for (const hear of identities) hear({ certificate, privateKey });
  };
  const read = async (): Promise<void> => {
    const next = await readCertificates(folder).catch((error: Error) => error);
    if (next instanceof Error) {
      if (next.message !== complaint)
        log?.error({ err: next, folder }, "a certificate cannot be used; the one before stays in use");
      complaint = next.message;
      if (!set) throw next;
      return;
    }
    complaint = "";
    if (set && same(set, next)) return;
    if (set) log?.info({ folder, until: next.validTo.toISOString() }, "a new certificate is in use");
    set = next;
    tell(next);
  };
  const look = (): Promise<void> => {
    looking ??= read().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const started = (): void => {
    if (timer) return;
    timer = setInterval(() => look().catch(() => {}), lookMs).unref();
    look().catch(() => {});
  };
  const ended = (): void => {
    if (authorities.size + identities.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    current: async () => {
      if (!timer || !set) await look();
      return set!;
    },
    addCaCertificateListener: (hear) => {
      authorities.add(hear);
      if (set) process.nextTick(hear, { caCertificate: set.ca });
      started();
    },
    removeCaCertificateListener: (hear) => {
      authorities.delete(hear);
      ended();
    },
    addIdentityCertificateListener: (hear) => {
      identities.add(hear);
      if (set) process.nextTick(hear, set);
      started();
    },
    removeIdentityCertificateListener: (hear) => {
      identities.delete(hear);
      ended();
    },
  };
}

const same = (a: CertificateSet, b: CertificateSet): boolean =>
  a.ca.equals(b.ca) && a.certificate.equals(b.certificate) && a.privateKey.equals(b.privateKey);

/** Errors: `tls.unreadable`, with what is wrong. */
async function readCertificates(folder: string): Promise<CertificateSet> {
  try {
    const [ca, certificate, privateKey] = await Promise.all(
      (["ca.pem", "cert.pem", "key.pem"] as const).map((file) => readFile(join(folder, file))),
    );
    const own = new X509Certificate(certificate!);
    if (!own.checkPrivateKey(createPrivateKey(privateKey!)))
      throw new Error("key.pem is not the key of cert.pem");
    new X509Certificate(ca!);
    createSecureContext({ ca: ca!, cert: certificate!, key: privateKey! });
    return { ca: ca!, certificate: certificate!, privateKey: privateKey!, validTo: new Date(own.validTo) };
  } catch (cause) {
    throw cause instanceof OnethingError ? cause : unreadable(folder, cause as Error);
  }
}

const unreadable = (folder: string, cause: Error) =>
  invalid(
    "tls.unreadable",
    `证书不能用：${folder} 里应有相互匹配的 ca.pem、cert.pem 和 key.pem（${cause.message}）`,
    `The certificate cannot be used: ${folder} should hold ca.pem, cert.pem and key.pem that fit together (${cause.message})`,
    { cause },
  );
