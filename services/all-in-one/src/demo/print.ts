// The demo as a story on a terminal: what was asked, what was found, how the items ran, what came out.
import { civilDate } from "@onething/kernel/civil-date";
import type { CaseItemBody, Text } from "./bodies.ts";
import { documentOf } from "./document.ts";
import type { Played } from "./play.ts";
import { fit, pad } from "./width.ts";

export type Language = "zh" | "en";

const words = {
  zh: {
    asked: "回答的情形",
    known: "已知",
    found: "自动找到的证明",
    form: "表单",
    filled: "项已预填",
    typed: "项由本人填写",
    uses: "使用的证照和登记",
    consent: "本人同意",
    law: "依法使用",
    run: "办理过程",
    story: "时间线",
    results: "拿到的结果",
    papers: "各部门出具的文书",
    ledger: "时间账（工作日）",
    turns: ["部门", "申请人", "特别程序"],
    read: "申请人登录后查阅：",
    check: "任何人凭查验码查验：",
    left: "这次不办",
    trouble: "没有办成的事项",
    paper: "按纸质办法要交",
    asks: "份材料，这次要您带",
    of: "份",
    waits: "等",
    colon: "：",
    comma: "，",
    and: "；",
  },
  en: {
    asked: "Questions answered",
    known: "known",
    found: "Proofs found",
    form: "Form",
    filled: "fields were known",
    typed: "typed",
    uses: "Licences and registers used",
    consent: "with consent",
    law: "by law",
    run: "How it ran",
    story: "Timeline",
    results: "What came out",
    papers: "Papers the departments issued",
    ledger: "Clock ledger (working days)",
    turns: ["departments", "applicant", "special procedures"],
    read: "the applicant reads them at",
    check: "anybody checks one at",
    left: "Left out",
    trouble: "Not granted",
    paper: "On paper:",
    asks: "materials; asked of you:",
    of: "",
    waits: "after",
    colon: ": ",
    comma: ", ",
    and: "; ",
  },
} as const;

const barWidth = 44;

export function print(played: Played, language: Language, say: (line: string) => void): void {
  const w = words[language];
  const t = (text: Text) => text[language];
  const { case: ended } = played;
  const { totals } = documentOf(played);
  const departments = new Set(ended.items.map((item) => item.department.code)).size;

  say(`\n  ${ended.name ? t(ended.name) : ended.bundle}   ${ended.number}`);
  say(
    language === "zh"
      ? `  一次申请，${departments} 个部门，${ended.items.length} 件事项`
      : `  One request, ${departments} departments, ${ended.items.length} items`,
  );
  heading(w.asked);
  for (const question of played.questions) {
    const value = played.script.answers[question.id];
    if (value !== undefined)
      say(`    ${t(question.text)}  ${answerOf(question, value, language)}${source(question.known)}`);
  }
  heading(w.uses);
  for (const use of played.preview.uses) {
    const ground = use.ground === "law" && use.law ? `${w.law}${aside(t(use.law))}` : w.consent;
    const from = use.source ? `← ${t(use.source)}` : "";
    say(`    ${pad(`${t(use.roleName)} · ${t(use.evidenceName)}`, 38)} ${pad(from, 34)} ${ground}`);
  }
  const filled = played.preview.form.filter((field) => field.known).length;
  heading(`${w.form}: ${filled} ${w.filled}${w.comma}${played.preview.form.length - filled} ${w.typed}`);
  for (const field of played.preview.form)
    if (field.known) say(`    ${pad(t(field.label), 24)} ← ${t(field.known.source)}`);

  heading(w.run);
  for (const line of bars(ended.items, language)) say(line);
  heading(w.story);
  const start = Date.parse(ended.submittedAt ?? "");
  for (const entry of ended.timeline)
    say(`    ${`+${Date.parse(entry.at) - start}`.padStart(6)} ms  ${entry[language]}`);
  trouble();
  heading(w.results);
  for (const result of played.results)
    say(`    ${pad(t(result.typeName), 22)} ${pad(t(result.issuer.name), 28)} ${result.identifier}`);
  papers();
  ledger();
  if (ended.leftOut.length > 0) heading(w.left);
  for (const each of ended.leftOut) say(`    ${each.code} ${t(each.name)}${w.colon}${t(each.why)}`);
  say(
    `\n  ${w.paper} ${totals.paperMaterials} ${w.asks} ${totals.askedMaterials} ${w.of}` +
      `   ${totals.elapsedMs} ms · gRPC ${totals.grpcCalls} · events ${totals.events} · commits ${totals.commits}`,
  );
  say(`  ${civilDate(ended.finishedAt ?? new Date())}  ${outcome(ended.outcome, language)}\n`);

  function aside(text: string): string {
    return language === "zh" ? `（${text}）` : ` (${text})`;
  }
  function heading(text: string): void {
    say(`\n  ${text}`);
  }
  function papers(): void {
    const [first] = played.papers;
    if (!first) return;
    heading(`${w.papers}: ${played.papers.length}`);
    for (const [item, papers] of Map.groupBy(played.papers, (paper) => paper.item))
      say(`    ${pad(item, 4)} ${papers.map(({ name }) => t(name)).join(" → ")}`);
    say(`    ${first.number} … ${w.read} /api/v1/papers?case=${ended.id}`);
    say(`    ${w.check} /api/v1/check/${first.checkCode}`);
  }
  function ledger(): void {
    if (!ended.ledger) return;
    const { from, until, days, items } = ended.ledger;
    const [ours, yours, pauses] = w.turns;
    const line = (of: typeof days) =>
      `${ours} ${of.department} · ${yours} ${of.applicant} · ${pauses} ${of.pause}`;
    heading(`${w.ledger}: ${from} – ${until}`);
    const used = items.filter((each) => Object.values(each.days).some((n) => n > 0));
    for (const each of used) say(`    ${pad(each.code, 4)} ${line(each.days)}`);
    say(`    ${pad("Σ", 4)} ${line(days)}`);
  }
  function source(known: { source: Text } | null): string {
    return known ? ` ${aside(`${w.known} ← ${t(known.source)}`)}` : "";
  }
  function trouble(): void {
    const failed = ended.items.filter((item) =>
      ["refused", "not_possible", "withdrawn"].includes(item.outcome ?? ""),
    );
    if (failed.length > 0) heading(w.trouble);
    for (const item of failed) {
      say(`    ${item.code} ${t(item.name)}${w.colon}${item.reasons.map(t).join(w.and)}`);
      for (const remedy of item.remedies) say(`       → ${t(remedy)}`);
    }
  }
}

function answerOf(question: Played["questions"][number], value: string, language: Language): string {
  const choice = question.choices.find((each) => each.value === value);
  if (choice) return choice.label[language];
  if (value === "true") return language === "zh" ? "是" : "yes";
  if (value === "false") return language === "zh" ? "否" : "no";
  return value;
}

/** One line an item, on one scale: what ran side by side and what waited is seen at a glance. */
function bars(items: readonly CaseItemBody[], language: Language): string[] {
  const times = items
    .flatMap((item) => [item.startedAt, item.finishedAt])
    .flatMap((at) => (at ? [Date.parse(at)] : []));
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const column = (at: number) => Math.round(((at - first) / Math.max(1, last - first)) * (barWidth - 1));
  return items.map((item) => {
    const name = `    ${item.code.padEnd(4)}${fit(item.name[language], 30)} ${fit(item.department.name[language], 24)} `;
    const waits = item.waitedFor.length > 0 ? `  ${words[language].waits} ${item.waitedFor.join(", ")}` : "";
    const due = item.dueOn ? `  ≤ ${item.dueOn}${item.dueProvisional ? "?" : ""}` : "";
    const end = ` ${mark(item.outcome)}${due}${waits}`;
    if (!item.startedAt || !item.finishedAt) return `${name}${" ".repeat(barWidth)}${end}`;
    const [from, to] = [column(Date.parse(item.startedAt)), column(Date.parse(item.finishedAt))];
    return `${name}${pad(`${" ".repeat(from)}${"━".repeat(Math.max(1, to - from + 1))}`, barWidth)}${end}`;
  });
}

const mark = (outcome: string | null): string =>
  ({ granted: "✓", refused: "✗", not_possible: "—", not_needed: "○", withdrawn: "↩" })[outcome ?? ""] ?? "…";

function outcome(code: string | null, language: Language): string {
  const texts: Record<string, Text> = {
    all_granted: { zh: "全部办好了", en: "Everything is done" },
    partly_granted: { zh: "已办结，部分事项没有办成", en: "Ended; some items were not granted" },
    none_granted: { zh: "已办结，没有事项办成", en: "Ended; nothing was granted" },
    withdrawn: { zh: "已撤回", en: "Withdrawn" },
  };
  return texts[code ?? ""]?.[language] ?? "";
}
