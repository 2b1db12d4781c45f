import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { onething, refused } from "./command.fixture.ts";

/** Each command is a process that loads the platform. */
vi.setConfig({ testTimeout: 180_000 });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-certs-"));
});
afterAll(() => rm(folder, { recursive: true }));

const certificate = async (path: string) => new X509Certificate(await readFile(join(folder, path)));

test("every process, the operator and every department get a certificate of one authority, under the names given", async () => {
  const said = await onething(["certs", join(folder, "made"), "approval.city.example"]);
  expect(said).toMatchObject({ code: 0, err: "" });
  const names = (await readdir(join(folder, "made"))).filter((name) => !name.startsWith("ca."));
  for (const name of ["case-window", "front", "operator"]) expect(names).toContain(name);
  expect(names.filter((name) => name.startsWith("department-")).length).toBeGreaterThan(0);
  const ca = await certificate("made/ca.pem");
  for (const name of names) {
    expect(said.out).toContain(join(folder, "made", name));
    const own = await certificate(`made/${name}/cert.pem`);
    expect(own.verify(ca.publicKey)).toBe(true);
    expect(own.checkHost("approval.city.example")).toBeDefined();
    expect(own.checkIP("127.0.0.1")).toBeDefined();
    expect((await stat(join(folder, "made", name, "key.pem"))).mode & 0o077).toBe(0);
  }
  expect((await certificate("made/approval-workflow/cert.pem")).subject).toBe("CN=approval-workflow");
});

test("run again it renews certificates and keeps the authority, so that old and new get on", async () => {
  const again = ["certs", join(folder, "again")];
  expect((await onething(again)).code).toBe(0);
  const [ca, old] = [await certificate("again/ca.pem"), await certificate("again/front/cert.pem")];
  expect((await onething(again)).code).toBe(0);
  const renewed = await certificate("again/front/cert.pem");
  expect((await certificate("again/ca.pem")).fingerprint256).toBe(ca.fingerprint256);
  expect(renewed.fingerprint256).not.toBe(old.fingerprint256);
  for (const each of [old, renewed]) expect(each.verify(ca.publicKey)).toBe(true);
});

test("a folder that cannot be made, and a city that is not there, are said in words", async () => {
  await writeFile(join(folder, "file"), "");
  expect(await refused(["certs", join(folder, "file")])).toContain(join(folder, "file"));
  const nowhere = { ONETHING_CATALOGUE: join(folder, "nowhere") };
  expect(await refused(["certs", join(folder, "x")], nowhere)).toMatch(
    /ONETHING_CATALOGUE: .*names a folder that is not there/,
  );
  await expect(stat(join(folder, "x"))).rejects.toMatchObject({ code: "ENOENT" });
});
