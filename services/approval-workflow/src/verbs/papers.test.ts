// Papers as everybody meets them: numbered without gap or double, read by whom they are for, the same bytes for ever, checked
// by anybody; and nothing about a person in clear.
import { createHash } from "node:crypto";
import type { ApprovalViewed } from "@onething/contracts/approval/v1/desk_events";
import { citizenNumber } from "@onething/kernel/identity";
import { windowClerks } from "@onething/kernel/readers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { checkCodeOf, readCheckCode } from "../domain/paper.ts";
import { viewingId } from "../domain/viewing.ts";
import { paperKind, viewingKind } from "../kind.ts";
import {
  type Check,
  eventsFor,
  father,
  handOver,
  issueAll,
  type ListedPaper,
  mother,
  neighbour,
  papersOf,
  pdfOf,
  textOf,
} from "../papers.fixture.ts";
import {
  applicant,
  clerkOfTax,
  type Desk,
  itemReady,
  li,
  open,
  police,
  startDesk,
} from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
beforeEach(() => {
  desk.clock.now = new Date("2026-09-18T02:00:00.000Z");
});
afterAll(() => desk.stop());

const child = citizenNumber("43099920260918001");
async function granted(): Promise<{
  id: string;
  caseId: string;
  papers: ListedPaper[];
  decision: ListedPaper;
}> {
  const opened = await open(desk, { item: { delivery: "paper" } });
  const grant = { result: { number: child, name: "王小明" } };
  const answer = await desk.call(li, "POST", `/api/v1/work/${opened.id}/decision`, { grant });
  expect(answer.status).toBe(200);
  await issueAll(desk, opened.caseId);
  const papers = await papersOf(desk, opened.caseId);
  return { ...opened, papers, decision: papers.find(({ kind }) => kind === "granted")! };
}
const serialOf = ({ number }: ListedPaper) => Number(/第(\d+)号$/.exec(number)?.[1]);
const checked = async (code: string) => {
  const answer = await desk.fetch(`/api/v1/check/${encodeURIComponent(code)}`);
  return { status: answer.status, body: (await answer.json()) as Check };
};

test("numbers run without gap or double, whoever hands the events over, at once and again", async () => {
  const department = { code: "rush", name: { zh: "拥挤局", en: "Rush" }, uscc: "" };
  const opened = await Promise.all(
    Array.from({ length: 20 }, () => open(desk, { item: { department, acceptance: "department" } })),
  );
  const events = (await Promise.all(opened.map(({ caseId }) => eventsFor(desk, caseId)))).flat();
  const replica = desk.replica();
  const services = [desk.service, replica, desk.service];
  await Promise.all(events.flatMap((event) => services.map((service) => handOver(event, service))));
  await Promise.all(events.map((event) => handOver(event, replica)));
  await replica.stop();
  const papers = (await Promise.all(opened.map(({ caseId }) => papersOf(desk, caseId)))).flat();
  expect(papers.length).toBe(20);
  expect(papers.map(serialOf).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  const [series] = await desk.db.query<{ state: { last: number } }>(
    "select state from series where id = 'rush:2026:receipt'",
  );
  expect(series!.state.last).toBe(20);
  expect(new Set(papers.map(({ checkCode }) => checkCode)).size).toBe(20);
});

test("each department, kind and year of the city has numbers of its own", async () => {
  const department = { code: "quiet", name: { zh: "清静局", en: "Quiet" }, uscc: "" };
  const issue = async (now: string, more: object) => {
    desk.clock.now = new Date(now);
    const { caseId } = await open(desk, { item: { department, ...more } });
    await issueAll(desk, caseId);
    return (await papersOf(desk, caseId)).map(({ number }) => number);
  };
  const careful = { acceptance: "department" };
  // In the city it is the new year already, on the machine it is not.
  expect(await issue("2026-12-31T15:59:59.000Z", {})).toEqual(["清静局许受〔2026〕第1号"]);
  expect(await issue("2026-12-31T16:00:00.000Z", {})).toEqual(["清静局许受〔2027〕第1号"]);
  expect(await issue("2027-01-04T02:00:00.000Z", careful)).toEqual(["清静局许收〔2027〕第1号"]);
  expect(await issue("2027-01-04T02:00:00.000Z", {})).toEqual(["清静局许受〔2027〕第2号"]);
});

test("a paper is for its readers and its department; nobody else finds it", async () => {
  const { caseId, decision } = await granted();
  const path = `/api/v1/papers/${decision.id}`;
  for (const person of [mother, father, li]) {
    expect((await papersOf(desk, caseId, person)).map(({ kind }) => kind)).toEqual(["acceptance", "granted"]);
    expect((await desk.fetch(path, person)).status, person.sub).toBe(200);
  }
  const nobody = { sub: "nobody", role: "citizen" } as const;
  const deskless = { sub: "deskless", role: "officer" } as const;
  for (const person of [neighbour, clerkOfTax, nobody, deskless]) {
    expect(await papersOf(desk, caseId, person), person.sub).toEqual([]);
    const answer = await desk.call(person, "GET", path);
    expect([answer.status, answer.body.reason], person.sub).toEqual([404, "paper.not_found"]);
  }
  expect((await desk.fetch(path, police)).status).toBe(403);
  expect((await desk.fetch(path)).status).toBe(401);
});

test("a clerk reads the papers of what a window took in, which is told as a window's look; no others", async () => {
  const clerk = { sub: "clerk1", role: "clerk", window: "1" } as const;
  const event = await itemReady(desk);
  (event.data as { readers: string[] }).readers.push(windowClerks);
  await desk.service.consumers[0]!.handle(event);
  await issueAll(desk, event.caseId);
  const [acceptance] = await papersOf(desk, event.caseId, clerk);
  expect(acceptance).toMatchObject({ kind: "acceptance" });
  await pdfOf(desk, acceptance!.id, clerk);
  const look = viewingId(acceptance!.id, "clerk:clerk1", desk.clock.now);
  const [{ data } = { data: {} }] = await desk.service.journal.history(viewingKind, look);
  expect(data).toMatchObject({ by: "clerk:clerk1", department: undefined, people: [{ personId: "p1" }] });

  const { caseId, decision } = await granted();
  expect(await papersOf(desk, caseId, clerk)).toEqual([]);
  expect((await desk.fetch(`/api/v1/papers/${decision.id}`, clerk)).status).toBe(404);
});

test("what was read once stays the same bytes, whoever reads it and wherever; the hash tells which", async () => {
  const { decision } = await granted();
  expect(decision.sha256).toBeNull();
  const replica = desk.replica();
  const reads = await Promise.all(Array.from({ length: 5 }, () => pdfOf(desk, decision.id)));
  const again = await pdfOf(desk, decision.id, father);
  await replica.stop();
  const hashes = [...reads, again].map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  expect(new Set(hashes).size).toBe(1);
  const { body } = await checked(decision.checkCode);
  expect(body).toMatchObject({ kind: "granted", number: decision.number, sha256: hashes[0], revoked: false });
  const events = await desk.service.journal.history(paperKind, decision.id);
  expect(events.map(({ type }) => type)).toEqual(["approval.paper_issued", "approval.paper_rendered"]);
});

test("a paper that another library would draw otherwise is served as it was drawn first", async () => {
  const { caseId, decision } = await granted();
  const sealer = await desk.keyring.sealer(`case/${caseId}`);
  const old = Buffer.from("%PDF-1.3 as an older library drew it");
  const hash = createHash("sha256").update(old).digest("hex");
  await desk.db.query("insert into paper_file (hash, case_id, sealed) values ($1, $2, $3)", [
    hash,
    caseId,
    sealer.seal({ pdf: old.toString("base64") }),
  ]);
  const command = { type: "render", id: decision.id, sha256: hash } as const;
  await desk.service.journal.submit(paperKind, decision.id, command, { actor: "officer:li" });
  expect((await pdfOf(desk, decision.id)).equals(old)).toBe(true);
});

test("a file that is not what its hash says is not served", async () => {
  const { caseId, decision } = await granted();
  await pdfOf(desk, decision.id);
  const sealer = await desk.keyring.sealer(`case/${caseId}`);
  await desk.db.query("update paper_file set sealed = $1 where case_id = $2", [
    sealer.seal({ pdf: Buffer.from("%PDF forged").toString("base64") }),
    caseId,
  ]);
  expect((await desk.fetch(`/api/v1/papers/${decision.id}`, mother)).status).toBe(500);
});

test("anybody checks a paper by its code, however it is typed, and learns nothing of anybody", async () => {
  const { decision } = await granted();
  const typed = [decision.checkCode, decision.checkCode.toLowerCase().replaceAll("-", " ")];
  for (const code of typed) {
    const { status, body } = await checked(code);
    expect(status).toBe(200);
    expect(body).toEqual({
      kind: "granted",
      name: { zh: "准予行政许可决定书", en: "Decision to Grant a Licence" },
      number: decision.number,
      department: { code: "police", name: { zh: "公安局", en: "Police" } },
      issuedOn: "2026-09-18",
      sha256: null,
      revoked: false,
    });
  }
  for (const code of ["0000-0000-0000-0000", "nonsense", decision.id]) {
    const { status, body } = await checked(code);
    expect([status, body.reason]).toEqual([404, "paper.unknown_code"]);
  }
});

test("art. 69: the check of a decision that was taken back says so, and that of its acceptance does not", async () => {
  const { id, papers, decision } = await granted();
  const revocation = { ground: "public_interest", reasons: [{ zh: "公共利益", en: "public interest" }] };
  await desk.call(li, "POST", `/api/v1/work/${id}/revocation`, revocation);
  expect((await checked(decision.checkCode)).body.revoked).toBe(true);
  expect((await checked(papers.find(({ kind }) => kind === "acceptance")!.checkCode)).body.revoked).toBe(
    false,
  );
});

test("codes have no letters that are taken for others, and 80 bits of the keyed hash", () => {
  expect(checkCodeOf("00000000000000000000ff")).toBe("0".repeat(16));
  expect(checkCodeOf("ffffffffffffffffffff00")).toBe("Z".repeat(16));
  expect(readCheckCode("o0iI-lL1z abcd-efgh")).toBe("0011111ZABCDEFGH");
  expect(readCheckCode("U".repeat(16))).toBeUndefined();
});

test("an officer's look is told to those who stand on the paper, once an hour; a reader's own is not", async () => {
  const { decision } = await granted();
  await pdfOf(desk, decision.id, mother);
  await Promise.all([pdfOf(desk, decision.id, li), pdfOf(desk, decision.id, li)]);
  const looks = await desk.service.journal.history(
    viewingKind,
    viewingId(decision.id, "officer:li", desk.clock.now),
  );
  expect(looks.map(({ data }) => data as ApprovalViewed)).toMatchObject([
    {
      name: { zh: "登记：准予行政许可决定书" },
      by: "officer:li",
      people: [{ personId: "p1", evidence: [], identifiers: [] }],
    },
  ]);
  const own = await desk.service.journal.history(
    viewingKind,
    viewingId(decision.id, "citizen:mother", desk.clock.now),
  );
  expect(own).toEqual([]);
  const lines = desk.lines.filter((line) => line.includes("paper read")).join("");
  expect(lines).toContain("citizen:mother");
  expect(lines).toContain("officer:li");
});

test("no number, no name and no result of anybody lies in a table, an event or the log in clear", async () => {
  const { decision } = await granted();
  const text = await textOf(desk, decision.id);
  expect(text).toContain(applicant.name);
  const tables = await desk.db.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE'",
  );
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(["paper", "paper_file", "event"]));
  for (const value of [applicant.number, applicant.name, child, "王小明"])
    for (const { name } of tables) {
      const [found] = await desk.db.query<{ n: number }>(
        `select count(*)::int as n from ${name} as row where row::text like '%' || $1 || '%'
           or row::text like '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%'`,
        [value],
      );
      expect(found!.n, `${name} holds ${value}`).toBe(0);
    }
  for (const value of [applicant.number, applicant.name, child])
    expect(desk.lines.join("")).not.toContain(value);
});

test("what was opened before there were papers has none, and holds nothing up", async () => {
  const { caseId } = await open(desk, { before: true });
  await issueAll(desk, caseId);
  expect(await papersOf(desk, caseId)).toEqual([]);
});
