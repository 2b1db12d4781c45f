// `onething certs [folder] [host…]`: a development authority, and a certificate for every service and department. A city's own
// authority writes the same three files. `onething certs revoke` withdraws one before its end.
import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readCity } from "@onething/item-catalog/city";
import { invalid } from "@onething/kernel/errors";
import { certificateFolder, makeCertificates, withdrawCertificate } from "@onething/service/certificates";
import { departmentName } from "@onething/service/tls";
import { callers } from "../scaled/layout.ts";
import { readSettings } from "./config.ts";

export async function runCerts([folder = "certs", ...hosts]: string[]): Promise<number> {
  if (folder === "revoke") return runRevoke(hosts);
  const target = resolve(folder);
  const city = await readCity(readSettings("catalogue").catalogue);
  const departments = city.catalogue.departments.map(({ code }) => departmentName(code));
  const names = [...callers, ...departments];
  await makeCertificates({ folder: target, names, hosts: ["localhost", "127.0.0.1", ...hosts] }).catch(
    (error: unknown) => {
      throw error instanceof Error && "syscall" in error ? cannotWrite(target, error.message) : error;
    },
  );
  console.log(`证书已写入 · Certificates written:\n  CA  ${target}`);
  for (const name of names) console.log(`  ${certificateFolder(target, name)}`);
  return 0;
}

/** `onething certs revoke <name or file> [folder]`: of a certificate that was made elsewhere, the file says whose it is. */
async function runRevoke([which, folder = "certs"]: string[]): Promise<number> {
  const target = resolve(folder);
  if (which === undefined)
    throw invalid(
      "certs.name_missing",
      "请指明证书，如 department:health，或证书文件",
      "Say which certificate: a name such as department:health, or its file",
    );
  const named = join(certificateFolder(target, which), "cert.pem");
  const own = await certificateIn(existsSync(named) ? named : resolve(which));
  const authority = await certificateIn(join(target, "ca.pem"));
  if (!own.verify(authority.publicKey))
    throw invalid(
      "certs.foreign",
      `${which} 不是由 ${target} 的 CA 签发的`,
      `${which} was not issued by the authority in ${target}`,
    );
  const list = await withdrawCertificate(target, own).catch((error: Error) => {
    throw "syscall" in error ? cannotWrite(target, error.message) : error;
  });
  console.log(`证书已吊销，各服务自动生效 · Certificate withdrawn; the doors take it up by themselves:`);
  for (const { serial, name, at } of list) console.log(`  ${name}  ${serial}  ${at}`);
  return 0;
}

const certificateIn = async (file: string): Promise<X509Certificate> => {
  try {
    return new X509Certificate(await readFile(file));
  } catch {
    throw invalid(
      "certs.unknown",
      `没有这个证书，或不能读取：${file}`,
      `There is no such certificate, or it cannot be read: ${file}`,
    );
  }
};

const cannotWrite = (folder: string, why: string) =>
  invalid("certs.folder", `不能写入 ${folder}：${why}`, `${folder} cannot be written: ${why}`);
