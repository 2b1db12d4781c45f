// Files read back from any byte, the looks at them, how they lie in the store, and how long.
import { afterAll, beforeAll, expect, test } from "vitest";
import { attached, cutAfter, headerOf, pdfOf, readBack, refusalOf } from "../attachments.fixture.ts";
import { type Desk, li, open, police, startDesk } from "../service.fixture.ts";
import { partBytes } from "./attachment-bytes.ts";
import { sweepUploads } from "./sweep-uploads.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const uploads = () => desk.db.query<{ id: string }>("select id from attachment_upload");

test("reading goes on from any byte", async () => {
  const { id } = await open(desk);
  const file = pdfOf(partBytes + 1000);
  const { id: attachmentId } = await attached(desk, police, id, file);
  for (const offset of [1, partBytes - 1, partBytes, partBytes + 999, file.length])
    expect(await readBack(desk, police, id, attachmentId, offset)).toEqual(file.subarray(offset));
  for (const offset of [-1, file.length + 1])
    expect(await refusalOf(readBack(desk, police, id, attachmentId, offset))).toBe(
      "invalid attachment.offset_invalid",
    );
});

test("a look is told to the people whose data the work holds, once an hour, without the file's name", async () => {
  const { id } = await open(desk, { item: { formRoles: ["mother"] } });
  const { id: attachmentId } = await attached(desk, police, id, pdfOf(100), { name: "机密.pdf" });
  for (const offset of [0, 50]) await readBack(desk, li, id, attachmentId, offset);
  const looks = await desk.service.journal.read({ xid: "0", position: 0 }, 10_000, ["approval.viewed"]);
  const stored = looks.filter(({ type, actor }) => type === "approval.viewed" && actor === "officer:li");
  const history = await Promise.all(
    stored.map(({ stream }) => desk.service.journal.history({ name: "viewing" }, stream.split("/")[1]!)),
  );
  const told = history
    .flat()
    .map(({ data }) => data as { approvalId: string; name: object; people: object[] });
  expect(told.filter((each) => each.approvalId === id)).toMatchObject([
    {
      name: { zh: "登记：附件", en: "Registration: an attachment" },
      people: [{ personId: "p1", evidence: [], identifiers: [] }],
    },
  ]);
});

test("nothing of a file lies in clear, and a part does not stand in for another", async () => {
  const { id } = await open(desk);
  const file = pdfOf(partBytes * 2);
  const { id: attachmentId } = await attached(desk, police, id, file);
  const rows = await desk.db.query<{ text: string }>(
    `select u::text || p::text as text from attachment_upload u join attachment_part p on p.upload_id = u.id where u.id = $1`,
    [attachmentId],
  );
  expect(rows).toHaveLength(2);
  for (const clear of [
    "%PDF",
    "现场勘验记录",
    file.toString("base64", 300, 360),
    file.toString("hex", 300, 330),
  ])
    expect(rows.some(({ text }) => text.includes(clear))).toBe(false);
  await desk.db.query(
    `update attachment_part p set sealed = (select sealed from attachment_part o where o.upload_id = p.upload_id and o.n = 1 - p.n)
      where upload_id = $1`,
    [attachmentId],
  );
  await expect(readBack(desk, police, id, attachmentId)).rejects.toMatchObject({ code: "unavailable" });
});

test("what never became whole goes a day after its last byte, and what is attached stays, marked or not", async () => {
  const { id } = await open(desk);
  const file = pdfOf(3 * partBytes);
  const whole = await attached(desk, police, id, file);
  await desk.db.query("update attachment_upload set attached = false where id = $1", [whole.id]);
  const header = headerOf(id, file, { idempotencyKey: "one-that-was-cut" });
  expect(await cutAfter(desk, partBytes, header, file)).toBeLessThan(file.length);
  const { now } = desk.clock;
  const later = (hours: number) => ({ ...desk, now: () => new Date(now.getTime() + hours * 3_600_000) });
  const before = (await uploads()).length;
  await sweepUploads(later(23));
  expect(await uploads()).toHaveLength(before);
  await sweepUploads(later(25));
  const left = (await uploads()).map((each) => each.id);
  expect(left).toContain(whole.id);
  expect(left.length).toBeLessThan(before);
  expect(await desk.db.query("select from attachment_upload where not attached")).toEqual([]);
  expect(await readBack(desk, police, id, whole.id)).toEqual(file);
});
