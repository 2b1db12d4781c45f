// A development authority and its certificates: P-256, one folder for each name with what its process needs. A city brings
// its own authority (cert-manager, a Vault, the government's PKI) and mounts the same three files.
import "reflect-metadata"; // wanted by a library of the next but one
import { webcrypto } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { type Listed, readWithdrawn, withdrawnFile } from "./withdrawn.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const day = 86_400_000;
/** A little in the past, for machines whose clock is behind. */
const leewayMs = 5 * 60_000;

export interface CertificateOptions {
  /** Where everything is written: `ca.pem`, `ca.key`, and a folder for each name. */
  folder: string;
  /** Common names: of services, or `department:<code>`. */
  names: readonly string[];
  /** Names and addresses besides its own under which each is reached. */
  hosts?: readonly string[];
  days?: number;
  now?: Date;
}

interface Authority {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

/**
 * Makes the authority if there is none yet, and a new certificate for each name. The new one replaces the old as a whole
 * file; processes that watch the folder take it up by themselves.
 */
export async function makeCertificates(options: CertificateOptions): Promise<void> {
  const { folder, names, hosts = ["localhost", "127.0.0.1"], days = 365, now = new Date() } = options;
  x509.cryptoProvider.set(webcrypto);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const authority = await openAuthority(folder, now);
  for (const name of names) await issue(authority, folder, name, hosts, days, now);
}

/**
 * Withdraws a certificate before its end: its number goes into the list of every folder, where each door finds it by itself.
 * Answers with what the list then holds. A new certificate of the same name has another number.
 */
export async function withdrawCertificate(
  folder: string,
  certificate: { serialNumber: string; subject: string },
  now = new Date(),
): Promise<Listed> {
  const name = /CN=(.*)/.exec(certificate.subject)?.[1] ?? "";
  const { serialNumber: serial } = certificate;
  const before = (await readWithdrawn(folder)).filter((each) => each.serial !== serial);
  const list = [...before, { serial, name, at: now.toISOString() }];
  const inside = await readdir(folder, { withFileTypes: true });
  const own = inside.filter((each) => each.isDirectory()).map((each) => join(folder, each.name));
  for (const each of [folder, ...own]) await putWithdrawn(each, list);
  return list;
}

const putWithdrawn = (folder: string, list: Listed): Promise<void> =>
  put(join(folder, withdrawnFile), JSON.stringify(list, null, 2), 0o644);

/** The folder of a name's certificate: a colon is no part of a file's name everywhere. */
export const certificateFolder = (folder: string, name: string): string =>
  join(folder, name.replace(":", "-"));

async function openAuthority(folder: string, now: Date): Promise<Authority> {
  const [pem, key] = [join(folder, "ca.pem"), join(folder, "ca.key")];
  if (existsSync(pem) && existsSync(key)) {
    const certificate = new x509.X509Certificate(await readFile(pem, "utf8"));
    const secret = x509.PemConverter.decodeFirst(await readFile(key, "utf8"));
    const privateKey = await webcrypto.subtle.importKey("pkcs8", secret, algorithm, true, ["sign"]);
    const publicKey = await certificate.publicKey.export(webcrypto);
    return { certificate, keys: { privateKey, publicKey } };
  }
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=onething development authority",
    notBefore: new Date(now.getTime() - leewayMs),
    notAfter: new Date(now.getTime() + 3650 * day),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  await put(key, await privatePem(keys), 0o600);
  await put(pem, certificate.toString("pem"), 0o644);
  return { certificate, keys };
}

async function issue(
  { certificate: ca, keys: caKeys }: Authority,
  folder: string,
  name: string,
  hosts: readonly string[],
  days: number,
  now: Date,
): Promise<void> {
  const keys = await newKeys();
  const own = name.includes(":") ? [] : [name];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [name] }],
    issuer: ca.subject,
    notBefore: new Date(now.getTime() - leewayMs),
    notAfter: new Date(now.getTime() + days * day),
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]), // server, client
      new x509.SubjectAlternativeNameExtension(
        [...own, ...hosts].map((value) => ({ type: /^[\d.]+$|:/.test(value) ? "ip" : "dns", value })),
      ),
    ],
  });
  const target = certificateFolder(folder, name);
  await mkdir(target, { recursive: true, mode: 0o700 });
  await put(join(target, "ca.pem"), ca.toString("pem"), 0o644);
  await put(join(target, "key.pem"), await privatePem(keys), 0o600);
  await put(join(target, "cert.pem"), certificate.toString("pem"), 0o644);
  await putWithdrawn(target, await readWithdrawn(folder));
}

const newKeys = () =>
  webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]) as Promise<webcrypto.CryptoKeyPair>;

const privatePem = async (keys: webcrypto.CryptoKeyPair): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY");

/**
 * Whole or not at all: a process that reads while this writes sees the old file or the new. A file that was there keeps its
 * owner and mode: who could read the old one reads the new one.
 */
async function put(file: string, text: string, mode: number): Promise<void> {
  const old = await stat(file).catch(() => undefined);
  const next = `${file}.new`;
  await rm(next, { force: true });
  await writeFile(next, `${text}\n`, { mode });
  if (old) {
    const { uid, gid } = await stat(next);
    if (old.uid !== uid || old.gid !== gid) await chown(next, old.uid, old.gid);
    await chmod(next, old.mode & 0o777);
  }
  await rename(next, file);
}
