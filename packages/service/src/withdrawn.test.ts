// A certificate that is withdrawn before its end: its holder is refused at the next call, on connections that are open, and in
// the middle of a stream; everybody else goes on, and a new certificate of the same name opens the door again.
import { X509Certificate } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AskResponse, RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { afterAll, beforeEach, expect, test } from "vitest";
import { certificateFolder, makeCertificates, withdrawCertificate } from "./certificates.ts";
import { grpcClient } from "./client.ts";
import { createLog } from "./log.ts";
import { createMeters } from "./meters.ts";
import { closers, refusal, WatchDefinition } from "./rpc.fixture.ts";
import { rpc, startGrpcServer } from "./rpc.ts";
import { departmentName } from "./tls.ts";

const soon = { timeout: 15_000, interval: 100 };
const [police, health, door] = [departmentName("police"), departmentName("health"), "approval-workflow"];
const revoked = { code: "unauthenticated", reason: "certificate.revoked" };
const folders: string[] = [];
let folder = "";
let written: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "onething-withdrawn-"));
  folders.push(folder);
  written = [];
  await makeCertificates({ folder, names: [door, police, health] });
});
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true }))));

const of = (name: string) => certificateFolder(folder, name);
const certificateOf = async (name: string) => new X509Certificate(await readFile(join(of(name), "cert.pem")));
const withdraw = async (name: string) => withdrawCertificate(folder, await certificateOf(name));

const serve = async () => {
  const log = createLog({ service: "t", to: { write: (line) => void written.push(line) } });
  const answers = rpc(
    RegisterServiceDefinition,
    { ask: async () => AskResponse.create() },
    { allow: ["department"] },
  );
  const streams = rpc(
    WatchDefinition,
    {
      // Waits for what never comes, as a quiet day's stream of work does; told to end, it ends.
      watch: async function* (_request, { signal }) {
        yield { requestId: "first" };
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      },
    },
    { allow: ["department"] },
  );
  const server = await startGrpcServer({
    doors: [answers, streams],
    deps: { authenticate: () => Promise.reject(new Error("no tokens")), log, meters: createMeters() },
    ...{ address: "127.0.0.1:0", tls: of(door) },
  });
  closers.push(() => server.stop(500));
  return server.address;
};

function connect(address: string, name: string) {
  const to = { deadlineMs: 5_000, tls: { folder: of(name), name: door } };
  const asking = grpcClient(RegisterServiceDefinition, address, to);
  const watching = grpcClient(WatchDefinition, address, to);
  for (const client of [asking, watching]) closers.push(() => client.close());
  return { ask: () => asking.ask({}), watch: () => watching.watch({})[Symbol.asyncIterator]() };
}

test("whoever holds it is refused at the next call and in an open stream, in words; another department goes on", async () => {
  const address = await serve();
  const [theirs, others] = [connect(address, police), connect(address, health)];
  const [stream, other] = [theirs.watch(), others.watch()];
  await Promise.all([theirs.ask(), stream.next(), other.next(), others.ask()]);
  await withdraw(police);

  const error = await refusal(stream.next());
  expect(error).toMatchObject(revoked);
  expect(error.public).toEqual({
    zh: "您的证书已被吊销，请联系运维重新签发",
    en: "Your certificate has been withdrawn; ask operations for a new one",
  });
  // On the connection that is open, and on a new one.
  expect(await refusal(theirs.ask())).toMatchObject(revoked);
  expect(await refusal(connect(address, police).ask())).toMatchObject(revoked);
  expect(await refusal(theirs.watch().next())).toMatchObject(revoked);

  await others.ask();
  const still = await Promise.race([other.next().then(() => "ended"), others.ask().then(() => "open")]);
  expect(still).toBe("open");
}, 30_000);

test("a new certificate of the same name opens the door, and the old one stays shut out", async () => {
  await withdraw(police);
  const address = await serve();
  expect(await refusal(connect(address, police).ask())).toMatchObject(revoked);
  await makeCertificates({ folder, names: [police] });
  // As another process of the department: one that runs takes the new files up by itself.
  await cp(of(police), of("renewed"), { recursive: true });
  await connect(address, "renewed").ask();
  expect(JSON.parse(await readFile(join(of(door), "revoked.json"), "utf8"))).toHaveLength(1);
});

test("withdrawn twice it stands in the list once, and a door that gets its certificate later has the list too", async () => {
  await withdraw(police);
  const list = await withdraw(police);
  expect(list).toMatchObject([{ name: police, serial: (await certificateOf(police)).serialNumber }]);
  await makeCertificates({ folder, names: ["verification"] });
  expect(JSON.parse(await readFile(join(of("verification"), "revoked.json"), "utf8"))).toEqual(list);
});

test("a list that is taken back lets its holder in again; numbers may be written as other tools write them", async () => {
  const { serialNumber } = await certificateOf(police);
  const file = join(of(door), "revoked.json");
  const colons = `00:${serialNumber.toLowerCase().match(/../g)!.join(":")}`;
  await writeFile(file, JSON.stringify([{ serial: colons, name: police, at: "" }]));
  const theirs = connect(await serve(), police);
  expect(await refusal(theirs.ask())).toMatchObject(revoked);
  await writeFile(file, "[]");
  await expect.poll(() => theirs.ask().then(() => "in", String), soon).toBe("in");
});

test("a list that cannot be read: a door does not start with one, and one that runs keeps the last and says so once", async () => {
  await withdraw(police);
  const address = await serve();
  await writeFile(join(of(door), "revoked.json"), "{ half");
  const complaints = () => written.filter((line) => line.includes("cannot be read"));
  await expect.poll(complaints, soon).toHaveLength(1);
  expect(await refusal(connect(address, police).ask())).toMatchObject(revoked);
  await connect(address, health).ask();
  await expect(serve()).rejects.toMatchObject({ reason: "tls.revoked_unreadable" });
});
