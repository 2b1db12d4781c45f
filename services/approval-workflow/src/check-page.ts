// What somebody sees who scans the code on a paper: whether it was issued here, and what it must say. One page for a phone,
// in the reader's language; the paper's own names stand in Chinese on it as well, for so they stand on the paper.
import { paperName } from "@onething/documents/kinds";
import { dateText } from "@onething/documents/words";
import { civilDate } from "@onething/kernel/civil-date";
import type { Text } from "@onething/kernel/errors";
import { pagePolicy, quoted } from "@onething/service/web-page";
import { groupedCode, tellsGrant } from "./domain/paper.ts";
import { cityTime } from "./domain/words.ts";
import { hotline } from "./papers/general.ts";
import type { CheckedOut } from "./verbs/read-paper.ts";

type Language = keyof Text;
export interface WebPage {
  html: string;
  policy: string;
}

const style = `
:root { color-scheme: light dark; --ink: #1b2330; --soft: #586276; --line: #dbe0e9; --paper: #fff; --back: #f2f4f8; --good: #17693f; --bad: #a3211a; --warn: #8a5200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #a0aabd; --line: #333c4e; --paper: #1a202c; --back: #10141c; --good: #1d7a4b; --bad: #b3332b; --warn: #8f5a0c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 17px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
main { max-width: 38rem; margin: 0 auto; padding: 1rem; }
@media (min-width: 48rem) { main { padding-top: 3rem; } }
.card { overflow: hidden; border: 1px solid var(--line); border-radius: 12px; background: var(--paper); }
.told { padding: 1.25rem; color: #fff; } .told p { margin: .35rem 0 0; }
.good { background: var(--good); } .bad { background: var(--bad); } .unknown { background: var(--warn); }
h1 { margin: 0; font-size: 1.35rem; line-height: 1.35; }
h2 { margin: 0; font-size: 1.05rem; } .does { padding: 1rem 1.25rem; border-top: 1px solid var(--line); } .does p { margin: .35rem 0 0; }
dl { margin: 0; padding: .25rem 1.25rem; } dl div { padding: .7rem 0; border-top: 1px solid var(--line); } dl div:first-child { border-top: 0; }
dt { color: var(--soft); font-size: .875rem; } dd { margin: 0; overflow-wrap: anywhere; } dd span { display: block; color: var(--soft); font-size: .875rem; }
code { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
ol { margin: .35rem 0 0; padding-left: 1.4rem; } li { padding: .25rem 0; }
footer { padding: 1rem .25rem; color: var(--soft); font-size: .875rem; }
`;

const policy = pagePolicy(style);

/** A paper that was issued here. */
export function foundPage({ paper, revoked }: CheckedOut, now: Date, language: Language): WebPage {
  const say = (text: Text) => quoted(text[language]);
  const told: Told = revoked
    ? { tone: "bad", title: words.takenBack, more: words.takenBackMore }
    : { tone: "good", title: words.ours, more: words.oursMore };
  const rows: [Text, string][] = [
    [words.kind, named(paperName(paper.kind), language)],
    [words.number, quoted(paper.number)],
    [words.department, named(paper.departmentName, language)],
    [words.date, say(dateText(civilDate(paper.issuedAt)))],
    ...(tellsGrant(paper.kind) ? ([[words.standing, say(standing(revoked, now))]] as [Text, string][]) : []),
    [words.code, `<code>${quoted(groupedCode(paper.checkCode))}</code>`],
    [words.print, paper.sha256 ? `<code>${quoted(paper.sha256)}</code>` : say(words.noPrint)],
  ];
  const list = rows.map(([label, value]) => `<div><dt>${say(label)}</dt><dd>${value}</dd></div>`).join("");
  const compare = section(say(words.compare), `<p>${say(words.compareHow)}</p>`);
  return page(language, told, `<dl>${list}</dl>${compare}`);
}

/** No paper has the code: what to do now. */
export function unknownPage(typed: string, language: Language): WebPage {
  const say = (text: Text) => quoted(text[language]);
  const steps = words.steps.map((step) => `<li>${say(step)}</li>`).join("");
  const code = `<dl><div><dt>${say(words.typed)}</dt><dd><code>${quoted(typed)}</code></dd></div></dl>`;
  const told: Told = { tone: "unknown", title: words.unknown, more: words.unknownMore };
  return page(language, told, `${code}${section(say(words.what), `<ol>${steps}</ol>`)}`);
}

interface Told {
  tone: "good" | "bad" | "unknown";
  title: Text;
  more: Text;
}

const section = (title: string, content: string): string =>
  `<section class="does"><h2>${title}</h2>${content}</section>`;

/** As it stands on the paper, and for whoever reads no Chinese below it. */
const named = ({ zh, en }: Text, language: Language): string =>
  language === "zh" || zh === en ? quoted(zh) : `${quoted(zh)}<span>${quoted(en)}</span>`;

function page(language: Language, { tone, title, more }: Told, content: string): WebPage {
  const say = (text: Text) => quoted(text[language]);
  const html = `<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${say(title)} · ${say(words.about)}</title><style>${style}</style></head><body><main>
<div class="card"><header class="told ${tone}"><h1>${say(title)}</h1><p>${say(more)}</p></header>
${content}</div>
<footer>${say(words.privacy)}</footer></main></body></html>
`;
  return { html, policy };
}

function standing(revoked: boolean, now: Date): Text {
  if (revoked) return { zh: "已被撤销", en: "Taken back" };
  const at = cityTime(now.toISOString());
  return { zh: `截至 ${at} 没有被撤销`, en: `Not taken back as of ${at} (Beijing time)` };
}

const words = {
  about: { zh: "文书查验", en: "Check of a paper" },
  ours: { zh: "这份文书由本平台出具", en: "This paper was issued here" },
  oursMore: {
    zh: "请把下面的内容与手中的文书逐项核对。",
    en: "Compare what stands below with the paper in your hand.",
  },
  takenBack: { zh: "所载的准予决定已被撤销", en: "The decision on this paper was taken back" },
  takenBackMore: {
    zh: "文书由本平台出具，但它所载的准予决定后来被撤销，不能再作为凭证。",
    en: "The paper was issued here, but the grant that it tells was taken back since. It proves nothing any more.",
  },
  kind: { zh: "文书名称", en: "Paper" },
  number: { zh: "文号", en: "Number" },
  department: { zh: "出具机关", en: "Issued by" },
  date: { zh: "落款日期", en: "Dated" },
  standing: { zh: "准予决定", en: "The grant" },
  code: { zh: "查验码", en: "Check code" },
  print: { zh: "电子文件的 SHA-256", en: "SHA-256 of the file" },
  noPrint: {
    zh: "还没有人打开过这份文书的电子文件",
    en: "Nobody has opened the file of this paper yet",
  },
  compare: { zh: "怎样核对", en: "How to compare" },
  compareHow: {
    zh: "文书名称、文号、机关和日期全部一致，才是同一份。拿到的是 PDF 文件时，它的 SHA-256 也应当一致；不一致就是被改动过。",
    en: "Kind, number, authority and date must all be the same. Of a PDF file the SHA-256 must be the same too; if not, it was changed.",
  },
  typed: { zh: "查验码", en: "Check code" },
  unknown: { zh: "没有查到这份文书", en: "No paper has this check code" },
  unknownMore: {
    zh: "本平台没有出具过带这个查验码的文书，也可能是查验码输错了。",
    en: "None with it was issued here, or the code was mistyped.",
  },
  what: { zh: "接下来怎么办", en: "What to do now" },
  steps: [
    {
      zh: "对照文书核对查验码：共 16 位，只有数字和字母，没有 I、L、O、U。",
      en: "Look at the code on the paper again: 16 digits and letters, never I, L, O or U.",
    },
    {
      zh: "再扫一次文书上的二维码，或者把查验码重新输入到网址末尾。",
      en: "Scan the code on the paper again, or type it at the end of this address.",
    },
    {
      zh: `仍然查不到，请不要依据这份文书办事；向出具机关的公开电话或者 ${hotline} 询问。`,
      en: `If it is still unknown, do not rely on the paper; ask the authority at its published number, or call ${hotline}.`,
    },
  ],
  privacy: { zh: "本页不显示任何人的个人信息。", en: "This page shows nobody's personal data." },
} satisfies Record<string, Text | readonly Text[]>;
