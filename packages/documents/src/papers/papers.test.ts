// What papers say where it hangs on how things came about: silence, holidays, grounds, remedies.
import { expect, test } from "vitest";
import type { Paper } from "../paper.ts";
import { samples } from "../papers.fixture.ts";
import { readPdf } from "../pdf.fixture.ts";
import { render } from "../render.ts";

const textOf = async (paper: Paper) => (await readPdf(await render(paper))).text;

test("a grant by silence says that nobody has decided, by which rule it counts, and from when", async () => {
  const text = await textOf(samples.deemed_grant);
  expect(text).toContain("在该期限内没有作出是否准予的决定");
  expect(text).toContain("自2026年11月23日期限届满时起视为准予");
  for (const untrue of ["本机关决定", "本决定", "决定书", "第三十四条", "第三十八条", "wedecide"])
    expect(text.toLowerCase()).not.toContain(untrue);
});

test("dates that rest on holidays not announced yet are called provisional, others are not", async () => {
  for (const kind of ["acceptance", "extension"] as const) {
    expect(await textOf({ ...samples[kind], provisional: true } as Paper)).toContain(
      "（暂定，放假安排公布后重新计算）",
    );
    expect(await textOf(samples[kind])).not.toContain("暂定");
  }
});

test.each(["refused", "non_acceptance", "revocation"] as const)(
  "%s: what the item names itself stands before the two remedies of the general law",
  async (kind) => {
    const own = [
      { zh: "请向档案馆核对后重新申请", en: "Ask the archive and apply again" },
      { zh: "请到窗口申辩", en: "State your case" },
    ];
    const text = await textOf({ ...samples[kind], remedies: { ...samples[kind].remedies, own } } as Paper);
    expect(text).toMatch(/权利救济.*（一）请向档案馆核对后重新申请。.*（二）请到窗口申辩。.*六十日内/);
    expect(await textOf(samples.refused)).not.toContain("重新申请");
  },
);

test.each([
  ["by_authority", "第六十九条第一款", "本机关决定撤销上述准予"],
  ["fraud", "第六十九条第二款", "本机关决定撤销上述准予"],
  ["public_interest", "第八条第二款", "本机关决定撤回上述准予"],
  ["sibling_refused", "一并申请的其他事项没有准予", "本机关决定收回上述准予"],
] as const)(
  "a revocation for %s names its ground and the act by their right names",
  async (ground, ...said) => {
    const text = await textOf({ ...samples.revocation, ground });
    for (const each of said) expect(text).toContain(each);
  },
);

test("a revocation names the decision where its number is known, what was issued, and how it was granted", async () => {
  const text = await textOf(samples.revocation);
  expect(text).toContain("已于2026年11月2日准予（文号示卫许准〔2026〕第7号）");
  expect(text).toContain("示卫公证字〔2026〕第0007号");
  const decision = { date: "2026-11-02", deemed: true };
  const bareOne = await textOf({ ...samples.revocation, decision, issued: undefined });
  expect(bareOne).toContain("已于2026年11月2日视为准予。");
  expect(bareOne).not.toContain("一并失效");
});
