// Whoever scans the code on a paper reads a page; a program is answered in JSON at the same address.
import { createHash } from "node:crypto";
import { citizenNumber } from "@onething/kernel/identity";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issueAll, type ListedPaper, mother, papersOf, pdfOf } from "./papers.fixture.ts";
import { applicant, type Desk, li, open, startDesk } from "./service.fixture.ts";

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

async function granted(): Promise<{ id: string; of(kind: string): ListedPaper }> {
  const { id, caseId } = await open(desk, { item: { delivery: "paper" } });
  const grant = { result: { number: citizenNumber("43099920260918001"), name: "王小明" } };
  await desk.call(li, "POST", `/api/v1/work/${id}/decision`, { grant });
  await issueAll(desk, caseId);
  const papers = await papersOf(desk, caseId);
  return { id, of: (kind) => papers.find((paper) => paper.kind === kind)! };
}

async function look(code: string, accept = browser, language = "zh-CN,zh;q=0.9,en;q=0.8") {
  const headers = { accept, "accept-language": language };
  const path = `/api/v1/check/${encodeURIComponent(code)}`;
  const answer = await desk.service.routes!.request(path, { headers });
  return {
    status: answer.status,
    header: (name: string) => answer.headers.get(name),
    text: await answer.text(),
  };
}

test("a browser is shown a page that says all that anybody may know of the paper, and nobody's data", async () => {
  const decision = (await granted()).of("granted");
  const before = await look(decision.checkCode);
  expect([before.status, before.header("content-type")]).toEqual([200, "text/html; charset=UTF-8"]);
  for (const said of [
    "这份文书由本平台出具",
    "准予行政许可决定书",
    decision.number,
    "公安局",
    "2026年9月18日",
    "没有被撤销",
  ])
    expect(before.text).toContain(said);
  expect(before.text).toContain(decision.checkCode);
  expect(before.text).toContain("还没有人打开过");
  const sha256 = createHash("sha256")
    .update(await pdfOf(desk, decision.id, mother))
    .digest("hex");
  const { text } = await look(decision.checkCode);
  expect(text).toContain(sha256);
  for (const personal of [applicant.name, applicant.number, applicant.number.slice(-4), "王小明", "430999"])
    expect(text.replace(sha256, "")).not.toContain(personal);
});

test("programs are answered in JSON as ever, and caches are told by what the answers differ", async () => {
  const { checkCode, number } = (await granted()).of("granted");
  for (const accept of ["application/json", "*/*", "application/json, text/html;q=0.5"]) {
    const { text, header } = await look(checkCode, accept);
    expect(header("content-type")).toMatch(/^application\/json/);
    expect(header("vary")).toContain("Accept");
    expect(JSON.parse(text)).toMatchObject({ number, revoked: false });
  }
  expect((await look(checkCode)).header("vary")).toBe("Accept, Accept-Language");
});

test("the page is in the language that the reader puts first; the paper's names stay as they are on it", async () => {
  const { checkCode, number } = (await granted()).of("acceptance");
  const { text, header } = await look(checkCode, browser, "en-GB,en;q=0.9");
  expect(header("content-language")).toBe("en");
  expect(text).toContain('<html lang="en">');
  for (const said of [
    "This paper was issued here",
    "18 September 2026",
    "受理通知书",
    "Notice of Acceptance",
    number,
  ])
    expect(text).toContain(said);
  // Nothing was granted by it.
  expect(text).not.toContain("Not taken back");
  expect((await look(checkCode)).text).toContain('<html lang="zh-CN">');
});

test("it carries its one style, which its policy knows, and nothing that runs or comes from elsewhere", async () => {
  const { text, header } = await look((await granted()).of("granted").checkCode);
  const style = /<style>(.*)<\/style>/s.exec(text)![1]!;
  const digest = createHash("sha256").update(style).digest("base64");
  expect(header("content-security-policy")).toBe(
    `default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(text).not.toMatch(/<script|<img|<link|\ssrc=|\shref=|\sstyle=|\son\w+=/i);
});

test("art. 69: a decision that was taken back is shown as such, in its own colour", async () => {
  const { id, of } = await granted();
  const revocation = { ground: "public_interest", reasons: [{ zh: "公共利益", en: "public interest" }] };
  await desk.call(li, "POST", `/api/v1/work/${id}/revocation`, revocation);
  const { text } = await look(of("granted").checkCode);
  expect(text).toContain("所载的准予决定已被撤销");
  expect(text).toContain('class="told bad"');
  expect(text).not.toContain("没有被撤销");
});

test("an unknown code is answered in words that say what to do, and what was typed stays text", async () => {
  for (const code of ["0000-1111-2222-3333", "<script>alert(1)</script>"]) {
    const { status, text } = await look(code);
    expect(status).toBe(404);
    for (const said of ["没有查到这份文书", "核对查验码", "12345"]) expect(text).toContain(said);
    expect(text).not.toContain("<script");
  }
  expect((await look("nonsense", browser, "en")).text).toContain("do not rely on the paper");
  expect((await look("nonsense", "application/json")).header("content-type")).toContain(
    "application/problem+json",
  );
});
