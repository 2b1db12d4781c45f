// Files over HTTP: an officer's, and what of them is for the applicant.
import { request } from "node:http";
import { windowClerks } from "@onething/kernel/readers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attached, MiB, type Posted, pdfOf, post, sha256 } from "./attachments.fixture.ts";
import { viewingId } from "./domain/viewing.ts";
import { viewingKind } from "./kind.ts";
import { father, mother, neighbour } from "./papers.fixture.ts";
import {
  clerkOfTax,
  type Desk,
  itemReady,
  li,
  open,
  type Person,
  police,
  startDesk,
  typesOf,
} from "./service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const clerk: Person = { sub: "clerk1", role: "clerk" };
const listOf = async (person: Person, caseId: string) => {
  const { body } = await desk.call<{ attachments: Posted[] }>(
    person,
    "GET",
    `/api/v1/attachments?case=${caseId}`,
  );
  return body.attachments.map(({ name }) => name);
};

test("an officer attaches by one POST, lists, and reads it back as a file to keep, whatever it is called", async () => {
  const { id } = await open(desk);
  const file = pdfOf(5 * MiB + 3);
  const name = "张三 (1)'s *报告*.pdf";
  const posted = await post(desk, id, file, { query: { name } });
  expect(posted).toMatchObject({
    status: 201,
    body: { name: "张三 (1)'s _报告_.pdf", by: "li", bytes: file.length },
  });
  expect(await post(desk, id, file, { query: { name } })).toEqual(posted);
  const path = `/api/v1/work/${id}/attachments`;
  const { body } = await desk.call<{ attachments: Posted[] }>(li, "GET", path);
  expect(body.attachments).toEqual([posted.body]);
  const answer = await desk.fetch(`${path}/${posted.body.id}`, li);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    "content-type": "application/pdf",
    "content-length": String(file.length),
    "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent("张三 ")}%281%29%27s%20_${encodeURIComponent("报告")}_.pdf`,
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
  expect(sha256(new Uint8Array(await answer.arrayBuffer()))).toBe(sha256(file));
  const detail = await desk.call<{ attachments: Posted[] }>(li, "GET", `/api/v1/work/${id}`);
  expect(detail.body.attachments).toEqual([posted.body]);
});

test("what came before a cut is not lost: the same POST again is whole", async () => {
  const { id } = await open(desk);
  const file = pdfOf(MiB);
  async function* cut() {
    yield file.subarray(0, 700_000);
    await expect
      .poll(
        async () =>
          (
            await desk.db.query(
              "select from attachment_part p join attachment_upload u on u.id = p.upload_id where u.approval_id = $1",
              [id],
            )
          ).length,
      )
      .toBeGreaterThanOrEqual(2);
    throw new Error("the line is cut");
  }
  const query = new URLSearchParams({ name: "勘验报告.pdf", purpose: "现场勘验", sha256: sha256(file) });
  const headers = {
    "content-type": "application/pdf",
    "idempotency-key": "survey-of-today",
    "content-length": String(file.length),
  };
  const path = `/api/v1/work/${id}/attachments?${query}`;
  const body = ReadableStream.from(cut());
  await expect(desk.fetch(path, li, { method: "POST", headers, body, duplex: "half" })).rejects.toThrow();
  expect(await typesOf(desk, id)).not.toContain("approval.attached");
  expect(await post(desk, id, file)).toMatchObject({ status: 201 });
});

describe("refused in words, and nothing of it is to be seen", () => {
  const file = pdfOf(MiB / 2);
  test.each<[string, Parameters<typeof post>[3], number, string]>([
    ["another hash", { query: { sha256: "0".repeat(64) } }, 400, "attachment.other_bytes"],
    [
      "another medium",
      { query: { name: "a.png" }, headers: { "content-type": "image/png" } },
      400,
      "attachment.other_medium",
    ],
    ["a medium that is not taken", { headers: { "content-type": "text/html" } }, 400, "attachment.invalid"],
    ["JSON", { headers: { "content-type": "application/json" } }, 400, "attachment.invalid"],
    ["no name", { query: { name: "" } }, 400, "attachment.invalid"],
    ["a number in its name", { query: { name: "19900001234.pdf" } }, 400, "approval.words_invalid"],
    ["a key too short", { headers: { "idempotency-key": "short" } }, 400, "idempotency_key.invalid"],
    ["another department's officer", { person: clerkOfTax }, 404, "approval.not_found"],
    ["a system", { person: police }, 403, "role.not_allowed"],
    ["a citizen", { person: mother }, 403, "role.not_allowed"],
    ["a party to the case", { person: { ...li, personId: "p1" } }, 403, "approval.own_case"],
  ])("%s", async (_, more, status, reason) => {
    const { id } = await open(desk);
    const answer = await post(desk, id, file, more);
    expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    const { body } = await desk.call<{ attachments: Posted[] }>(li, "GET", `/api/v1/work/${id}/attachments`);
    expect(body.attachments).toEqual([]);
  });

  test("more than 20 MiB, before it is read; other routes take no more than they did", async () => {
    const { id } = await open(desk);
    const path = `/api/v1/work/${id}/attachments?name=a.pdf&purpose=p&sha256=${"0".repeat(64)}`;
    expect(await refusedAtOnce(path, 20 * MiB + 1)).toEqual([413, "request.too_large", /20 MiB/]);
    expect(await refusedAtOnce(`/api/v1/work/${id}/claim`, MiB + 1)).toEqual([
      413,
      "request.too_large",
      /1 MiB/,
    ]);
  });

  test("a body of no announced length", async () => {
    const { id } = await open(desk);
    const query = new URLSearchParams({ name: "a.pdf", purpose: "p", sha256: sha256(file) });
    const headers = { "content-type": "application/pdf", "idempotency-key": "survey-of-today" };
    const body = ReadableStream.from([file]);
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
    const answer = await desk.fetch(`/api/v1/work/${id}/attachments?${query}`, li, init);
    expect([answer.status, ((await answer.json()) as Posted).fields]).toMatchObject([
      400,
      [{ field: "bytes" }],
    ]);
  });
});

/** Announces a length, and sends nothing: status, reason, and words that name the limit. */
async function refusedAtOnce(path: string, length: number) {
  const headers = await desk.headersOf(li);
  const sent = request(new URL(path, desk.url), {
    method: "POST",
    headers: { ...headers, "content-type": "application/pdf", "content-length": length },
  });
  sent.flushHeaders();
  const answer = await new Promise<import("node:http").IncomingMessage>((resolve, reject) => {
    sent.once("response", resolve);
    sent.once("error", reject);
  });
  const problem = JSON.parse(Buffer.concat(await answer.toArray()).toString()) as Posted & { zh: string };
  sent.destroy();
  return [answer.statusCode, problem.reason, new RegExp(/\d+ MiB/.exec(problem.zh)?.[0] ?? "none")];
}

test("the applicant, and who follows the case, reads what is for them and nothing else", async () => {
  const { id, caseId } = await open(desk);
  const file = pdfOf(1000);
  const given = await attached(desk, police, id, file, { name: "给申请人.pdf", forApplicant: true });
  const own = await attached(desk, police, id, file, { name: "内部.pdf", idempotencyKey: "another-file" });
  for (const reader of [mother, father]) {
    expect(await listOf(reader, caseId)).toEqual(["给申请人.pdf"]);
    const answer = await desk.fetch(`/api/v1/attachments/${given.id}`, reader);
    expect([answer.status, sha256(new Uint8Array(await answer.arrayBuffer()))]).toEqual([200, sha256(file)]);
    expect((await desk.fetch(`/api/v1/attachments/${own.id}`, reader)).status).toBe(404);
  }
  for (const stranger of [neighbour, { sub: "nobody", role: "citizen" } as const, clerk]) {
    expect(await listOf(stranger, caseId)).toEqual([]);
    expect((await desk.fetch(`/api/v1/attachments/${given.id}`, stranger)).status).toBe(404);
  }
  expect((await desk.fetch(`/api/v1/attachments/${given.id}`, li)).status).toBe(403);
});

test("a clerk reads it where a window took the case in, which is told as a window's look", async () => {
  const event = await itemReady(desk, { item: { formRoles: ["mother"] } });
  (event.data as { readers: string[] }).readers.push(windowClerks);
  await desk.service.consumers[0]!.handle(event);
  const [{ id } = { id: "" }] = await desk.db.query<{ id: string }>(
    "select id from approval where case_id = $1",
    [event.caseId],
  );
  const given = await attached(desk, police, id, pdfOf(1000), { forApplicant: true });
  expect(await listOf(clerk, event.caseId)).toEqual(["勘验报告.pdf"]);
  expect((await desk.fetch(`/api/v1/attachments/${given.id}`, clerk)).status).toBe(200);
  const look = viewingId(given.id, "clerk:clerk1", desk.clock.now);
  const [{ data } = { data: {} }] = await desk.service.journal.history(viewingKind, look);
  expect(data).toMatchObject({ by: "clerk:clerk1", department: undefined, people: [{ personId: "p1" }] });
});

test("a party to the case who is an officer reads nothing of it at the desk", async () => {
  const { id } = await open(desk);
  const { id: file } = await attached(desk, police, id, pdfOf(1000));
  const party = { ...li, personId: "p1" };
  for (const path of [`/api/v1/work/${id}/attachments`, `/api/v1/work/${id}/attachments/${file}`])
    expect((await desk.call(party, "GET", path)).body.reason).toBe("approval.own_case");
});
