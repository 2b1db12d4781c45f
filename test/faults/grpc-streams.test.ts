// A department's stream of work that is cut, that is not read, or that shares its connection with a message too large: what is
// on the desk arrives once, and nobody else notices. A file of which the line is lost half-way arrives whole.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Door } from "@onething/all-in-one/demo/door";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import type { Caller } from "@onething/service/types";
import { createChannel, createClient } from "nice-grpc";
import { Metadata, Status } from "nice-grpc-common";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CityInOne, startInOne } from "../harness.ts";
import { because, workOf } from "./desk.ts";
import { filed } from "./filing.ts";

const kitAttach = join(import.meta.dirname, "../../deploy/department-kit/attach.ts");
let city: CityInOne;
let mother: Door;
let hospital: Door;
beforeAll(async () => {
  city = await startInOne({ play: { leave: ["B1"] } });
  mother = await city.as("mother");
  hospital = await city.as("officer-maternity-hospital");
});
afterAll(() => city.close());

const system = () => city.department("maternity-hospital");
const onDesk = async (at: string) => (await workOf(hospital, at, "B1")).id;

/** Reads `count` messages on from a cursor, and is cut off without a word. */
async function readAndCut(after: string, count: number) {
  const cutting = new AbortController();
  const ids: string[] = [];
  let cursor = after;
  try {
    for await (const message of system().watchWork({ after, items: ["B1"] }, { signal: cutting.signal })) {
      ids.push(message.work!.id);
      cursor = message.cursor;
      if (ids.length === count) cutting.abort();
    }
  } catch (error) {
    if (!cutting.signal.aborted) throw error;
  }
  return { ids, cursor };
}

test("a stream cut again and again in the middle goes on from its cursor, while work comes in: each piece once", async () => {
  const wanted = [await onDesk(await filed(mother)), await onDesk(await filed(mother))];
  const coming = (async () => {
    for (let i = 0; i < 5; i++) wanted.push(await onDesk(await filed(mother)));
  })();
  const seen: string[] = [];
  let cursor = "";
  for (const count of [1, 2, 1, 3]) {
    const read = await readAndCut(cursor, count);
    seen.push(...read.ids);
    cursor = read.cursor;
  }
  await coming;
  expect(seen.toSorted()).toEqual(wanted.toSorted());
  // A client that lost its last cursor goes back to an older one, and gets what came after it again, in the same order.
  expect((await readAndCut("", 7)).ids).toEqual(seen);
});

test("streams that nobody reads take nothing from others, nor from the same department's other calls", async () => {
  const idle = system();
  const stalled = Array.from({ length: 50 }, () => idle.watchWork({ after: "" })[Symbol.asyncIterator]());
  await Promise.all(stalled.map((stream) => stream.next()));
  const [at, { work }] = await Promise.all([filed(mother), idle.listWork({ limit: 500 })]);
  expect(work.length).toBeGreaterThanOrEqual(7);
  const id = await onDesk(at);
  const decision = { $case: "refuse" as const, value: { reasons: [because] } };
  const decided = await idle.decide({ id, decision, idempotencyKey: `beside-stalled-${id}` });
  expect(decided.work?.status).toBe("refused");
  expect((await city.department("health").listWork({})).work).toBeDefined();
  await Promise.all(stalled.map((stream) => stream.return?.()));
});

test("an act with a message of 5 MB is refused at the door, and what shares its connection goes on", async () => {
  const id = await onDesk(await filed(mother));
  // A client of the department's own making: ours would not send so much.
  const channel = createChannel(city.here.platform.grpcAddress);
  const caller: Caller = { sub: "own-system", role: "department", department: "maternity-hospital" };
  const metadata = Metadata({ authorization: `Bearer ${await city.platform.issuer.sign(caller, 60)}` });
  const one = createClient(ApprovalServiceDefinition, channel);
  const stream = one.watchWork({ after: "" }, { metadata })[Symbol.asyncIterator]();
  await stream.next();
  const value = { reasons: [{ zh: "大".repeat(1_700_000), en: "" }] };
  const request = {
    id,
    decision: { $case: "refuse" as const, value },
    idempotencyKey: `five-megabytes-${id}`,
  };
  await expect(one.decide(request, { metadata })).rejects.toMatchObject({
    details: expect.stringMatching(/message larger than max/),
    code: Status.RESOURCE_EXHAUSTED,
  });
  expect((await stream.next()).done).toBe(false);
  expect((await one.getWork({ id }, { metadata })).detail?.work?.status).not.toBe("refused");
  await stream.return?.();
  channel.close();
  // Ours says it in words.
  await expect(system().decide(request)).rejects.toMatchObject({
    code: "exhausted",
    reason: "message.too_large",
  });
});

/** A line to the gRPC door that is lost once, when so many bytes have gone up; how often it was taken. */
async function lineLostAfter(bytes: number) {
  const { hostname, port } = new URL(`tcp://${city.platform.grpcAddress}`);
  const taken = { times: 0 };
  const line = createServer((near) => {
    const far = connect(Number(port), hostname);
    const lost = taken.times++ === 0;
    let up = 0;
    for (const end of [near, far])
      end.on("error", () => {}).on("close", () => [near, far].map((each) => each.destroy()));
    near.on("data", (part: Buffer) => {
      up += part.length;
      if (lost && up > bytes) near.destroy();
      else far.write(part);
    });
    far.pipe(near);
  });
  await new Promise<void>((resolve) => line.listen(0, "127.0.0.1", resolve));
  return { address: `127.0.0.1:${(line.address() as AddressInfo).port}`, taken, close: () => line.close() };
}

test("the departments' kit attaches a file over a line that is lost half-way, from the byte that is missing; the applicant reads it", async () => {
  const caseId = (await filed(mother)).split("/").at(-1)!;
  const work = await onDesk(caseId);
  const folder = await mkdtemp(join(tmpdir(), "onething-attach-"));
  const file = join(folder, "勘验报告.pdf");
  const bytes = Buffer.concat([Buffer.from("%PDF-1.7\n"), randomBytes(3_000_000)]);
  await writeFile(file, bytes);
  const line = await lineLostAfter(1_500_000);
  const options = [
    "--address",
    line.address,
    "--door",
    city.platform.url,
    "--account",
    "system-maternity-hospital",
  ];
  const what = ["--work", work, "--file", file, "--purpose", "现场勘验", "--for-applicant"];
  const { stdout } = await promisify(execFile)(process.execPath, [kitAttach, ...options, ...what]);
  line.close();
  expect(line.taken.times).toBeGreaterThan(1);
  const [, again] = [...stdout.matchAll(/from byte (\d+)/g)].map((match) => Number(match[1]));
  expect(again).toBeGreaterThan(0);
  type Given = { attachments: { id: string; name: string; sha256: string }[] };
  const { attachments } = await mother.get<Given>(`/api/v1/attachments?case=${caseId}`);
  expect(attachments).toMatchObject([{ name: "勘验报告.pdf" }]);
  const personId = city.platform.sample.people.get("mother")!;
  const token = await city.platform.issuer.sign({ sub: "mother", role: "citizen", personId }, 600);
  const read = await fetch(`${city.platform.url}/api/v1/attachments/${attachments[0]!.id}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(bytes.equals(Buffer.from(await read.arrayBuffer()))).toBe(true);
  await rm(folder, { recursive: true });
});
