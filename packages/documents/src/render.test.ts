import { OnethingError } from "@onething/kernel/errors";
import { describe, expect, test } from "vitest";
import { extremes } from "./extremes.fixture.ts";
import { paperKinds, paperName } from "./kinds.ts";
import type { Paper } from "./paper.ts";
import { common, samples } from "./papers.fixture.ts";
import { bare, readPdf } from "./pdf.fixture.ts";
import { page } from "./pen.ts";
import { render } from "./render.ts";

const all: Paper[] = [...Object.values(samples), ...extremes];
const limit = 100 * 1024;

const textOf = async (paper: Paper) => (await readPdf(await render(paper))).text;

/** Every text handed in, in both languages, and every number. */
function handedIn(value: unknown): string[] {
  if (typeof value === "string") return /^\d{4}-\d\d-\d\d$/.test(value) ? [] : [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, each]) =>
    ["kind", "form", "is", "procedure", "method", "ground"].includes(key) ? [] : handedIn(each),
  );
}

describe("what a paper says", () => {
  test.each(paperKinds)(
    "%s: everything handed in can be read in the PDF, the citizen number masked",
    async (kind) => {
      const paper = samples[kind];
      const text = await textOf(paper);
      const { applicant } = paper;
      const expected = handedIn(paper).map((each) =>
        each === applicant.number ? "430999********0019" : each,
      );
      for (const each of [
        ...expected,
        paperName(kind).zh,
        paperName(kind).en,
        "2026年11月24日",
        "24 November 2026",
      ])
        expect(text).toContain(bare(each));
      expect(text).not.toContain(applicant.number);
      expect(text).toContain("样章SAMPLE");
    },
  );

  test.each([
    ["receipt", "第三十二条第一款第（四）项", "article 32(1)(4)"],
    ["acceptance", "第三十二条第一款第（五）项", "article 32(1)(5)"],
    ["acceptance", "第四十五条", "article 45"],
    ["supplement", "第三十二条第一款第（四）项", "article 32(1)(4)"],
    ["non_acceptance", "第三十二条第一款第（二）项", "article 32(1)(2)"],
    ["non_acceptance", "《中华人民共和国行政复议法》第二十条", "within 60 days"],
    ["special_procedure", "第四十五条", "article 45"],
    ["extension", "第四十二条第一款", "article 42(1)"],
    ["granted", "第三十八条第一款", "article 38(1)"],
    ["granted", "第四十四条", "article 44"],
    ["deemed_grant", "第五十条第二款", "counts as granted as of the end of 23 November 2026"],
    ["revocation", "第六十九条第二款", "article 69(2)"],
    ["refused", "第三十八条第二款", "article 38(2)"],
    ["refused", "《中华人民共和国行政诉讼法》第四十六条", "within 6 months"],
  ] as const)("%s names the law it rests on: %s", async (kind, zh, en) => {
    const text = await textOf(samples[kind]);
    expect(text).toContain(zh);
    expect(text).toContain(bare(en));
  });

  test("no licence needed: article 32(1)(1), told, and no other authority named", async () => {
    const text = await textOf({ ...samples.non_acceptance, ground: { is: "not_needed" } });
    expect(text).toContain("第三十二条第一款第（一）项");
    expect(text).not.toContain("有权机关");
  });

  test("a deemed acceptance says from which day and why (article 32(1)(4))", async () => {
    const text = await textOf({ ...samples.acceptance, deemed: true, acceptedOn: "2026-11-20" });
    expect(text).toContain("自收到申请材料之日（2026年11月20日）起即为受理");
    expect(text).not.toContain("第（五）项");
  });

  test("what an officer said in one language is said once, and ends like a sentence", async () => {
    const said = { zh: "现场核查合格，法制审核同意", en: "现场核查合格，法制审核同意" };
    const text = await textOf({ ...samples.granted, facts: [...samples.granted.facts, said] });
    expect(text.split(said.zh)).toHaveLength(2);
    expect(text).toContain(`（三）${said.zh}。`);
  });

  test("joint handling is extended under article 42(2)", async () => {
    expect(await textOf({ ...samples.extension, joint: true })).toContain("第四十二条第二款");
  });

  test("an organisation is addressed as one, and its public code is not masked", async () => {
    const applicant = {
      kind: "organisation",
      name: "示例市晨光宾馆有限公司",
      number: "91430999MA4L0000XK",
    } as const;
    const text = await textOf({ ...samples.acceptance, applicant });
    expect(text).toContain("你单位于2026年11月20日");
    expect(text).toContain(applicant.number);
  });

  test("rare and long names are written in full; a sign the font lacks is written as its code", async () => {
    const named = async (name: string) =>
      textOf({ ...samples.receipt, applicant: { name, number: "430999199003070019" } });
    expect(await named("买买提·阿不都热合曼")).toContain("买买提·阿不都热合曼：");
    expect(await named("陈𬌗")).toContain("陈𬌗：");
    expect(await named("𠮷田\u200b丽")).toContain("[U+20BB7]田丽：");
  });
});

describe("how a paper looks", () => {
  test.each(all.map((paper, i) => [paper.kind, i, paper] as const))(
    "%s (%i): everything is there, within the margins, pages are counted, under 100 KB",
    async (_, __, paper) => {
      const bytes = await render(paper);
      expect(bytes.length).toBeLessThan(limit);
      const { pages, pieces, text } = await readPdf(bytes);
      for (let i = 1; i <= pages; i += 1) expect(text).toContain(`第${i}页共${pages}页Page${i}of${pages}`);
      for (const { text: words, x, width, y, turned } of pieces) {
        if (turned) continue;
        expect(x, words).toBeGreaterThan(page.left - 25);
        expect(x + width, words).toBeLessThan(page.right + 1);
        expect(y, words).toBeLessThan(page.bottom + 40);
        expect(y, words).toBeGreaterThan(page.top - 30);
      }
    },
  );

  test("no line is written over another one, except under the seal", async () => {
    for (const paper of all) {
      const { pieces } = await readPdf(await render(paper));
      const straight = pieces.filter(({ turned }) => !turned);
      const overlaps = straight.flatMap((a, i) =>
        straight
          .slice(i + 1)
          .filter((b) => a.page === b.page && Math.abs(a.y - b.y) < 3.5)
          .filter((b) => a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1)
          .map((b) => `${paper.kind}: ${a.text} / ${b.text}`),
      );
      expect(overlaps).toEqual([]);
    }
  });

  test.each(paperKinds)("%s: one of an ordinary case is one page", async (kind) => {
    expect((await readPdf(await render(samples[kind]))).pages).toBe(1);
  });

  test("a grant of twelve results and a delivery of an electronic licence are one page, in a size that can be read", async () => {
    const result = Array.from({ length: 12 }, (_, i) => ({
      label: { zh: `第${i}项名称`, en: `Result number ${i}` },
      value: i % 4 === 0 ? `示例市清江区桂花街道望月路${i}号` : `${1000 + i}`,
    }));
    const number = "1.2.156.3005.2.11430999006123095L001.12430999006123028K.TEST2IK5TDKRF2XIWVYY2TJT.001.W";
    const electronic = { name: { zh: "出生医学证明", en: "Birth medical certificate" }, number, copies: 1 };
    const { delivered } = samples.delivery;
    for (const paper of [
      { ...samples.granted, result },
      { ...samples.delivery, delivered: [...delivered, electronic] },
    ] as Paper[]) {
      const { pages, pieces } = await readPdf(await render(paper));
      expect(pages).toBe(1);
      const sizes = pieces
        .filter(({ text, turned }) => !turned && /\p{Script=Han}/u.test(text))
        .map(({ size }) => size);
      expect(Math.min(...sizes)).toBeGreaterThan(7.9);
    }
  });

  test("ten gaps under long names run on, and the seal's page has words of the notice", async () => {
    const { applicant, item } = extremes[0]!;
    const one = samples.supplement.gaps[0]!;
    const gaps = Array.from({ length: 10 }, () => one);
    const { pages, pieces, text } = await readPdf(
      await render({ ...samples.supplement, applicant, item, gaps } as Paper),
    );
    expect(pages).toBe(2);
    expect(text).toContain("第1页共2页");
    const last = bare(
      pieces
        .filter(({ page }) => page === 2)
        .map((piece) => piece.text)
        .join(""),
    );
    expect(last).toContain("样章SAMPLE");
    expect(last).toContain("本机关不再要求你补正其他内容");
  });

  test("a refusal with ten reasons loses none of them over its pages, and the seal stands on a page with words of it", async () => {
    const refusal = extremes.find(({ kind }) => kind === "refused")!;
    const { pages, pieces, text } = await readPdf(await render(refusal));
    expect(pages).toBeGreaterThan(2);
    for (let i = 1; i <= 10; i += 1) expect(text).toContain(`相差${i}.5平方米`);
    const last = pieces.filter((piece) => piece.page === pages).map((piece) => piece.text);
    expect(last.join("")).toContain("行政诉讼");
    expect(last.join("")).toContain("样章");
  });

  test("thirty gaps are numbered through, and the table's head stands on every page of it", async () => {
    const notice = extremes.find(({ kind }) => kind === "supplement")!;
    const { pages, pieces, text } = await readPdf(await render(notice));
    expect(text).toContain("（共30项）");
    for (let i = 1; i <= 30; i += 1) expect(text).toContain(`证明材料${i}（原件及复印件）`);
    const heads = (page: number) =>
      pieces.filter((piece) => piece.page === page && piece.text === "需补正的内容").length;
    const lastOfTable = pieces.findLast((piece) => /^Hand in|legal representative/.test(piece.text))!.page;
    for (let page = 1; page <= lastOfTable; page += 1) expect(heads(page), `page ${page}`).toBe(1);
    for (let page = lastOfTable + 2; page <= pages; page += 1) expect(heads(page), `page ${page}`).toBe(0);
  });
});

describe("the bytes of a paper", () => {
  test("are the same for the same paper, whatever was rendered in between", async () => {
    const first = await Promise.all(all.map(render));
    const again = await Promise.all([...all].reverse().map(render));
    expect(again.reverse().map((bytes) => Buffer.from(bytes).equals(first.shift()!))).toEqual(
      all.map(() => true),
    );
  });

  test("hold nothing of the clock: the day they carry is the paper's", async () => {
    const text = Buffer.from(await render(samples.receipt)).toString("latin1");
    expect(text).toContain("<xmp:CreateDate>2026-11-23T16:00:00Z</xmp:CreateDate>");
    expect(text.match(/20\d\d-\d\d-\d\dT/g)).toEqual(["2026-11-23T"]);
    expect(text).not.toContain("/ModDate");
  });
});

describe("a paper with a gap is not printed", () => {
  const refusal = async (paper: unknown): Promise<OnethingError> =>
    render(paper as Paper).then(
      () => expect.unreachable("it was printed"),
      (error: unknown) => error as OnethingError,
    );

  test.each([
    ["applicant.name", { ...samples.granted, applicant: { number: "430999199003070019" } }],
    ["item.name.en", { ...samples.granted, item: { code: "X", name: { zh: "某项", en: " " } } }],
    ["remedies", { ...samples.refused, remedies: undefined }],
    ["reasons", { ...samples.refused, reasons: [] }],
    [
      "gaps.0.remedy",
      { ...samples.supplement, gaps: [{ what: { zh: "一", en: "a" }, problem: { zh: "二", en: "b" } }] },
    ],
    ["contact", { ...samples.acceptance, contact: undefined }],
    ["ground.rightBody", { ...samples.non_acceptance, ground: { is: "not_this_authority" } }],
    ["date", { ...samples.receipt, date: "2026-02-30" }],
    ["check.url", { ...samples.receipt, check: { code: "A", url: "javascript:alert(1)" } }],
    ["kind", { ...common("receipt"), kind: "warrant" }],
    ["secret", { ...samples.receipt, secret: 1 }],
  ])("the error names %s", async (field, paper) => {
    const error = await refusal(paper);
    expect(error).toBeInstanceOf(OnethingError);
    expect(error.reason).toBe("document.incomplete");
    expect(error.fields.map((each) => each.field)).toEqual([field]);
  });
});
