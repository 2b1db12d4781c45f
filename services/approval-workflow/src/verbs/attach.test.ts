// Files over gRPC: whole, cut and gone on with, wrong, too many, of another department.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  attached,
  cutAfter,
  headerOf,
  MiB,
  messages,
  pdfOf,
  readBack,
  refusalOf,
  sha256,
} from "../attachments.fixture.ts";
import { type Desk, li, open, police, startDesk, typesOf, withdrawRequested } from "../service.fixture.ts";
import { partBytes } from "./attachment-bytes.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const clerkOfTax = { sub: "tax-system", role: "department", department: "tax" } as const;

test("a file sent whole is on record with who and when, listed with the work, and read back as it was", async () => {
  const { id } = await open(desk);
  const file = pdfOf(3 * MiB + 17);
  const attachment = await attached(desk, police, id, file, { name: "C:\\scans\\勘验报告.pdf" });
  expect(attachment).toEqual({
    ...{ id: attachment.id, name: "勘验报告.pdf", mediaType: "application/pdf", bytes: file.length },
    ...{ sha256: sha256(file), purpose: "现场勘验", forApplicant: false },
    ...{ by: "police-system", at: desk.clock.now.toISOString() },
  });
  expect((await typesOf(desk, id)).at(-1)).toBe("approval.attached");
  expect((await desk.files(li).listAttachments({ id })).attachments).toEqual([attachment]);
  const { detail } = await desk.system(li).getWork({ id });
  expect(detail?.attachments).toEqual([attachment]);
  expect(detail?.work?.claimedBy).toBe("");
  expect(sha256(await readBack(desk, li, id, attachment.id))).toBe(sha256(file));
});

test("cut in the middle, an upload goes on at the byte that has arrived; nobody saw anything of it before", async () => {
  const { id } = await open(desk);
  const file = pdfOf(2 * MiB);
  const header = headerOf(id, file);
  const files = desk.files(police);
  const key = { id, idempotencyKey: header.idempotencyKey };
  expect(await files.findUpload(key)).toEqual({ received: 0, attachment: undefined });
  const received = await cutAfter(desk, MiB, header, file);
  expect(received).toBeLessThan(file.length);
  expect(received % partBytes).toBe(0);
  expect((await files.listAttachments({ id })).attachments).toEqual([]);
  expect(await typesOf(desk, id)).not.toContain("approval.attached");
  let sent = 0;
  async function* rest() {
    for await (const message of messages(header, file, { from: received })) {
      if (message.part?.$case === "chunk") sent += message.part.value.data.length;
      yield message;
    }
  }
  const { attachment } = await files.attach(rest());
  expect(sent).toBe(file.length - received);
  expect(sha256(await readBack(desk, police, id, attachment!.id))).toBe(sha256(file));
  expect(await files.findUpload(key)).toEqual({ received: file.length, attachment });
});

test("the same file again, whole, from its beginning or at once from two lines, is one attachment", async () => {
  const { id } = await open(desk);
  const file = pdfOf(MiB);
  const header = headerOf(id, file);
  await cutAfter(desk, MiB / 2, header, file);
  const both = await Promise.all([1, 2].map(() => desk.files(police).attach(messages(header, file))));
  const again = await attached(desk, police, id, file);
  expect(both.map(({ attachment }) => attachment)).toEqual([again, again]);
  expect((await typesOf(desk, id)).filter((type) => type === "approval.attached")).toHaveLength(1);
  const other = pdfOf(MiB - 1);
  expect(await refusalOf(attached(desk, police, id, other))).toBe("conflict idempotency.other_body");
  const named = attached(desk, police, id, file, { name: "另一份.pdf" });
  expect(await refusalOf(named)).toBe("conflict idempotency.other_body");
  // Keys are each sender's own.
  expect((await attached(desk, li, id, other)).id).not.toBe(again.id);
});

describe("what is wrong is refused in words, and nothing of it is to be seen", () => {
  const file = pdfOf(partBytes * 2 + 5);
  const wrong: [string, (id: string) => AsyncIterable<object>, string][] = [
    [
      "another hash",
      (id) => messages(headerOf(id, file, { sha256: "0".repeat(64) }), file),
      "invalid attachment.other_bytes",
    ],
    [
      "bytes of another medium",
      (id) => messages(headerOf(id, file, { name: "a.png", mediaType: "image/png" }), file),
      "invalid attachment.other_medium",
    ],
    [
      "the end too early",
      (id) => messages(headerOf(id, file, { bytes: file.length + 1 }), file),
      "invalid attachment.incomplete",
    ],
    [
      "the end too late",
      (id) => messages(headerOf(id, file, { bytes: file.length - 1 }), file),
      "invalid attachment.too_long",
    ],
    [
      "too much",
      (id) => messages(headerOf(id, file, { bytes: 20 * MiB + 1 }), file),
      "invalid attachment.invalid",
    ],
    ["a gap", (id) => messages(headerOf(id, file), file, { from: 1 }), "invalid attachment.gap"],
    [
      "a chunk too large",
      (id) => messages(headerOf(id, pdfOf(2 * MiB)), pdfOf(2 * MiB), { size: MiB + 1 }),
      "invalid attachment.chunk_too_large",
    ],
    ["no header", () => bare({ chunk: { offset: 0, data: file } }), "invalid attachment.header_missing"],
    ["nothing at all", () => bare(), "invalid attachment.header_missing"],
    [
      "two headers",
      (id) => bare({ header: headerOf(id, file) }, { header: headerOf(id, file) }),
      "invalid attachment.chunk_missing",
    ],
    [
      "no key",
      (id) => messages(headerOf(id, file, { idempotencyKey: "" }), file),
      "invalid idempotency_key.invalid",
    ],
    [
      "a number in its name",
      (id) => messages(headerOf(id, file, { name: "19900001234.pdf" }), file),
      "invalid approval.words_invalid",
    ],
  ];
  async function* bare(...parts: object[]) {
    for (const part of parts) {
      const [[name, value] = []] = Object.entries(part);
      yield { part: { $case: name, value } };
    }
  }
  test.each(wrong)("%s", async (_, send, told) => {
    const { id } = await open(desk);
    const files = desk.files(police);
    expect(await refusalOf(files.attach(send(id) as Parameters<typeof files.attach>[0]))).toBe(told);
    expect((await files.listAttachments({ id })).attachments).toEqual([]);
    expect(await typesOf(desk, id)).not.toContain("approval.attached");
  });

  test("and of a wrong hash nothing is kept: the right file goes in under the same key", async () => {
    const { id } = await open(desk);
    const key = { id, idempotencyKey: headerOf(id, file).idempotencyKey };
    await refusalOf(attached(desk, police, id, file, { sha256: "0".repeat(64) }));
    expect((await desk.files(police).findUpload(key)).received).toBe(0);
    expect((await attached(desk, police, id, file)).bytes).toBe(file.length);
  });
});

test("another department finds neither the work nor its files", async () => {
  const { id } = await open(desk);
  const file = pdfOf(100);
  const { id: attachmentId } = await attached(desk, police, id, file);
  const tax = desk.files(clerkOfTax);
  for (const call of [
    () => attached(desk, clerkOfTax, id, file),
    () => tax.listAttachments({ id }),
    () => tax.findUpload({ id, idempotencyKey: "survey-of-today" }),
    () => readBack(desk, clerkOfTax, id, attachmentId),
  ])
    expect(await refusalOf(call())).toBe("not_found approval.not_found");
  const mine = await open(desk, { item: { department: { code: "tax", name: undefined, uscc: "" } } });
  // Not by way of a piece of work of its own either.
  expect(await refusalOf(readBack(desk, clerkOfTax, mine.id, attachmentId))).toBe(
    "not_found attachment.not_found",
  );
});

test("files join work in hand and results in the making; afterwards none, and of what was withdrawn none are shown", async () => {
  const { id, caseId } = await open(desk);
  const file = pdfOf(100);
  const key = (n: number) => ({ idempotencyKey: `file-number-${n}` });
  await attached(desk, police, id, file, key(1));
  const refuse = { $case: "refuse" as const, value: { reasons: [{ zh: "不符", en: "no" }] } };
  const other = await open(desk);
  await desk.system(police).decide({ id: other.id, decision: refuse, idempotencyKey: "decide-it-now" });
  expect(await refusalOf(attached(desk, police, other.id, file, key(2)))).toBe("conflict approval.not_now");
  const { id: attachmentId } = await attached(desk, police, id, file, key(1));
  await desk.service.consumers[0]!.handle(withdrawRequested(caseId, "X1"));
  expect((await desk.files(police).listAttachments({ id })).attachments).toEqual([]);
  expect((await desk.system(police).getWork({ id })).detail?.attachments).toEqual([]);
  expect(await refusalOf(readBack(desk, police, id, attachmentId))).toBe("not_found attachment.not_found");
});

test("twenty files and no more, those that are on their way among them", async () => {
  const { id } = await open(desk);
  const file = pdfOf(partBytes + 1);
  const key = (n: number) => ({ idempotencyKey: `file-number-${n}` });
  for (let n = 1; n < 20; n++) await attached(desk, police, id, file, key(n));
  const header = headerOf(id, file, key(20));
  expect(await refusalOf(desk.files(police).attach(messages(header, file.subarray(0, partBytes))))).toBe(
    "invalid attachment.incomplete",
  );
  expect(await refusalOf(attached(desk, police, id, file, key(21)))).toBe("conflict attachment.too_many");
  await attached(desk, police, id, file, key(20));
  expect(await refusalOf(attached(desk, police, id, file, key(21)))).toBe("conflict attachment.too_many");
});
