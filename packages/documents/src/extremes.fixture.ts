// Papers at their limits: long names, rare signs, many and long parts.
import type { Text } from "@onething/kernel/errors";
import type { Paper } from "./paper.ts";
import { samples } from "./papers.fixture.ts";

const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => make(i + 1));

const long = (i: number): Text => ({
  zh:
    `第${i}项：经现场核查（检测报告编号SZ-2026-${1000 + i}），场所建筑面积与申请材料载明的面积相差${i}.5平方米，` +
    "未按照《公共场所卫生管理条例实施细则》的要求设置消毒间、布草间和清洗池，且集中空调通风系统未进行卫生学评价；" +
    "上述情况已由申请人当场签名确认，有现场笔录和照片为证。",
  en:
    `No. ${i}: the premises were visited (report SZ-2026-${1000 + i}). Their area differs by ${i}.5 square metres from what the ` +
    "papers say; there is neither a disinfection room nor a linen store nor a washing basin as the rules demand, and the " +
    "ventilation system has not been assessed. The applicant has confirmed this by signature on the spot.",
});

const mend = (i: number): Text => ({
  zh: `请在补正期限内提交由有资质的检测机构出具的第${i}份检测报告原件，并由法定代表人签名、加盖公章。`,
  en: `Hand in, within the time given, original report ${i} of a qualified laboratory, signed by the legal representative.`,
});

const short = (i: number): Text => ({
  zh: `证明材料${i}（原件及复印件）`,
  en: `Proof ${i}, original and copy`,
});

const names = {
  applicant: { name: "买买提·阿不都热合曼·阿卜杜拉·吾买尔江", number: "430999199003070019" },
  department: {
    name: {
      zh: "示例市人力资源和社会保障局（示例市公务员局、示例市外国专家管理局）行政审批服务管理办公室",
      en: "Administrative Approval Office of the Human Resources and Social Security Bureau of Sample City (Civil Service Office)",
    },
  },
  item: {
    name: {
      zh: "经营性人力资源服务机构从事职业中介活动许可（含设立分支机构、变更名称住所法定代表人）",
      en: "Licence for employment agency services of commercial human resources providers, including branches and changes",
    },
    code: "11430999006123095L430012300700101",
  },
  number: "示人社许不予受理〔2026〕第1234567号",
  caseNumber: "11430999006123095L4300123007001202611241234567890",
  check: {
    code: "7KQM-4XRD-WT2H-9PLB",
    url: "https://zwfw.one-thing-one-time.sample-city.onething.example/api/v1/check/7KQM4XRDWT2H9PLB",
  },
};

const most: Paper[] = [
  {
    ...samples.receipt,
    ...names,
    papers: times(60, (i) => ({ name: i % 7 === 0 ? long(i) : short(i), copies: i, form: "copy" })),
  },
  { ...samples.acceptance, ...names, queryWay: long(1), deemed: true, provisional: true },
  {
    ...samples.supplement,
    ...names,
    gaps: times(30, (i) => ({ what: short(i), problem: i % 2 === 0 ? long(i) : mend(i), remedy: mend(i) })),
    consequence: long(1),
  },
  { ...samples.non_acceptance, ...names, ground: { is: "not_needed" }, reason: repeated(long(1), 9) },
  { ...samples.special_procedure, ...names, reason: repeated(long(2), 9), workingDays: 120 },
  {
    ...samples.extension,
    ...names,
    reason: repeated(long(3), 9),
    joint: true,
    workingDays: 15,
    provisional: true,
  },
  {
    ...samples.granted,
    ...names,
    facts: times(8, long),
    basis: times(8, short),
    result: times(30, (i) => ({ label: short(i), value: i % 2 === 0 ? long(i) : `A-${i}` })),
  },
  {
    ...samples.deemed_grant,
    ...names,
    basis: repeated(long(1), 4),
    result: times(30, (i) => ({ label: short(i), value: i % 2 === 0 ? long(i) : `A-${i}` })),
  },
  { ...samples.refused, ...names, facts: times(10, long), reasons: times(10, long), basis: times(10, short) },
  {
    ...samples.delivery,
    ...names,
    delivered: times(40, (i) => ({
      name: short(i),
      number: `示卫公证字〔2026〕第${10_000 + i}号`,
      copies: 1,
    })),
    recipient: { name: names.applicant.name, relation: long(1) },
    tracking: "SF".repeat(60),
  },
  {
    ...samples.revocation,
    ...names,
    reasons: times(10, long),
    issued: times(20, (i) => ({ name: short(i), number: `示卫公证字〔2026〕第${10_000 + i}号` })),
    remedies: { ...samples.revocation.remedies, own: times(5, long) },
  },
];

/** A single part that is longer than a page. */
const endless: Paper = {
  ...samples.supplement,
  gaps: [{ what: short(1), problem: repeated(long(1), 11), remedy: repeated(long(2), 5) }],
};

export const extremes: readonly Paper[] = [...most, endless];

function repeated({ zh, en }: Text, n: number): Text {
  return { zh: zh.repeat(n), en: Array.from({ length: n }, () => en).join(" ") };
}
