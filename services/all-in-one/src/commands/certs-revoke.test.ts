import { X509Certificate } from "node:crypto";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates } from "@onething/service/certificates";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { onething, refused } from "./command.fixture.ts";

/** Each command is a process that loads the platform. */
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
let certs: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-revoke-"));
  certs = join(folder, "certs");
  await makeCertificates({
    folder: certs,
    names: ["approval-workflow", "department:health", "department:tax"],
  });
  await makeCertificates({ folder: join(folder, "foreign"), names: ["department:health"] });
});
afterAll(() => rm(folder, { recursive: true }));

const serialOf = async (file: string) => new X509Certificate(await readFile(file)).serialNumber;

test("a certificate is withdrawn by its name, or by its file, in the list of every door", async () => {
  const health = await serialOf(join(certs, "department-health", "cert.pem"));
  const said = await onething(["certs", "revoke", "department:health", certs]);
  expect(said).toMatchObject({ code: 0, err: "" });
  expect(said.out).toContain(health);
  // One that was signed from a department's own request lies wherever it was put.
  const elsewhere = join(folder, "signed.pem");
  await cp(join(certs, "department-tax", "cert.pem"), elsewhere);
  expect((await onething(["certs", "revoke", elsewhere, certs])).code).toBe(0);
  const list = JSON.parse(await readFile(join(certs, "approval-workflow", "revoked.json"), "utf8"));
  expect(list).toMatchObject([
    { name: "department:health", serial: health },
    { name: "department:tax", serial: await serialOf(elsewhere) },
  ]);
});

test("a name nobody has, no name, and a certificate of another authority are refused in words", async () => {
  expect(await refused(["certs", "revoke", "department:nobody", certs])).toMatch(/no such certificate/);
  expect(await refused(["certs", "revoke"])).toMatch(/department:health/);
  const foreign = join(folder, "foreign", "department-health", "cert.pem");
  expect(await refused(["certs", "revoke", foreign, certs])).toMatch(/not issued by the authority/);
});
