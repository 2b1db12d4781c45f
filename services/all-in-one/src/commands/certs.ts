// `onething certs [folder] [host…]`: a development authority, and a certificate for every service and department. A city's own
// authority writes the same three files.
import { resolve } from "node:path";
import { readCity } from "@onething/item-catalog/city";
import { invalid } from "@onething/kernel/errors";
import { certificateFolder, makeCertificates } from "@onething/service/certificates";
import { departmentName } from "@onething/service/tls";
import { callers } from "../scaled/layout.ts";
import { readSettings } from "./config.ts";

export async function runCerts([folder = "certs", ...hosts]: string[]): Promise<number> {
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

const cannotWrite = (folder: string, why: string) =>
  invalid("certs.folder", `不能写入 ${folder}：${why}`, `${folder} cannot be written: ${why}`);
