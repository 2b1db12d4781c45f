// What becomes of a certificate that is replaced wrongly, or file by file, under a working door.
import { X509Certificate } from "node:crypto";
import { chmod, chown, copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { certificateFiles, logCertificatesTo } from "./certificate-files.ts";
import { certificateFolder, makeCertificates } from "./certificates.ts";
import { logGrpcTo } from "./grpc-log.ts";
import { createLog } from "./log.ts";
import { createMeters } from "./meters.ts";
import { closers, log } from "./rpc.fixture.ts";
import { startGrpcServer } from "./rpc.ts";
import { certificateExpiry } from "./watch.ts";

const soon = { timeout: 15_000, interval: 100 };
const folders: string[] = [];
let folder = "";
let own = "";
let written: string[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-files-"));
  folders.push(folder);
  await makeCertificates({ folder, names: ["item-catalog", "case-window"] });
  own = certificateFolder(folder, "item-catalog");
  written = [];
  logGrpcTo(createLog({ service: "t", to: { write: (line) => void written.push(line) } }));
});
afterAll(async () => {
  logCertificatesTo(undefined);
  for (const each of folders) await rm(each, { recursive: true });
});

async function serve() {
  const authenticate = () => Promise.reject(new Error("no token counts here"));
  const server = await startGrpcServer({
    ...{ doors: [], deps: { authenticate, log, meters: createMeters() } },
    ...{ address: "127.0.0.1:0", tls: own },
  });
  closers.push(() => server.stop(500));
  return server;
}

/** The serial number of the certificate that the door shows to somebody new. */
async function shown(port: number): Promise<string> {
  const at = certificateFolder(folder, "case-window");
  const [cert, key, ca] = await Promise.all(
    ["cert.pem", "key.pem", "ca.pem"].map((file) => readFile(join(at, file))),
  );
  return new Promise((resolve, reject) => {
    const socket = connect(
      { port, host: "127.0.0.1", cert, key, ca, servername: "item-catalog", ALPNProtocols: ["h2"] },
      () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      },
    );
    socket.once("error", reject);
  });
}

const errors = () => written.map((line) => JSON.parse(line)).filter(({ level }) => level === "error");
const serial = async () => new X509Certificate(await readFile(join(own, "cert.pem"))).serialNumber;
/** That nothing more is said shows only after the files were looked at again. */
const looked = async () => {
  for (let i = 0; i < 2; i++) await new Promise((resolve) => setTimeout(resolve, 2_100));
};

test("a key that is no key leaves the last good pair in use, is said once, and the next good pair is taken up", async () => {
  const { port } = await serve();
  const before = await shown(port);
  await writeFile(join(own, "key.pem"), "not a key");
  await vi.waitFor(() => expect(errors()).toHaveLength(1), soon);
  expect(errors()[0]).toMatchObject({ folder: own, err: { message: expect.stringContaining("key.pem") } });
  await looked();
  expect(errors()).toHaveLength(1);
  expect(await shown(port)).toBe(before);
  await rm(join(own, "key.pem"));
  await vi.waitFor(() => expect(errors()).toHaveLength(2), soon);
  expect(await shown(port)).toBe(before);
  await makeCertificates({ folder, names: ["item-catalog"] });
  const next = await serial();
  await vi.waitFor(async () => expect(await shown(port)).toBe(next), soon);
});

test("a certificate whose key comes later is not used before, and no door is without a certificate in between", async () => {
  const { port } = await serve();
  const before = await shown(port);
  const late = join(folder, "late");
  await makeCertificates({ folder: late, names: ["item-catalog"], days: 2 });
  const next = certificateFolder(late, "item-catalog");
  await copyFile(join(next, "cert.pem"), join(own, "cert.pem"));
  await vi.waitFor(() => expect(errors()).toHaveLength(1), soon);
  expect(errors()[0].err.message).toContain("key.pem is not the key of cert.pem");
  expect(await shown(port)).toBe(before);
  await copyFile(join(next, "key.pem"), join(own, "key.pem"));
  await vi.waitFor(async () => expect(shown(port)).rejects.toThrow(/unable to verify|certificate/), soon);
  await copyFile(join(late, "ca.pem"), join(certificateFolder(folder, "case-window"), "ca.pem"));
  expect(errors()).toHaveLength(1);
});

test("how long the certificate will do is told of the one in use, not of the file", async () => {
  await serve();
  const days = async () => ((await certificateExpiry(own).look())[0]!.value / 86_400) | 0;
  expect(await days()).toBe(364);
  const long = join(folder, "long");
  await makeCertificates({ folder: long, names: ["item-catalog"], days: 900 });
  await copyFile(join(certificateFolder(long, "item-catalog"), "cert.pem"), join(own, "cert.pem"));
  await vi.waitFor(() => expect(errors()).toHaveLength(1), soon);
  expect(await days()).toBe(364);
});

test("where nothing can be used there is no door, and the words say what is wrong", async () => {
  await copyFile(join(certificateFolder(folder, "case-window"), "key.pem"), join(own, "key.pem"));
  await expect(serve()).rejects.toMatchObject({ reason: "tls.unreadable", message: /is not the key of/ });
  await rm(join(own, "ca.pem"));
  await expect(certificateFiles(own).current()).rejects.toMatchObject({ message: /ENOENT/ });
});

test("files that are replaced keep their owner and mode", async () => {
  const files = ["ca.pem", "cert.pem", "key.pem"].map((file) => join(own, file));
  const root = process.getuid?.() === 0;
  for (const file of files) {
    await chmod(file, 0o640);
    if (root) await chown(file, 10_001, 10_002);
  }
  const of = (file: string) => stat(file).then(({ uid, gid, mode }) => ({ uid, gid, mode: mode & 0o777 }));
  const before = await Promise.all(files.map(of));
  const [old, key] = [await serial(), await readFile(files[2]!, "utf8")];
  await makeCertificates({ folder, names: ["item-catalog"] });
  expect(await serial()).not.toBe(old);
  expect(await readFile(files[2]!, "utf8")).not.toBe(key);
  expect(await Promise.all(files.map(of))).toEqual(before);
});
