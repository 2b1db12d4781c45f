// Every sentence of a receipt, in both languages. None holds personal data: receipts are kept and sent in clear.
import type { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import type { Licence } from "@onething/contracts/licence/v1/licence";
import type { Text } from "@onething/kernel/errors";

const text = (zh: string, en: string): Text => ({ zh, en });

export const evidenceName = (type: EvidenceType | undefined, code: string): Text =>
  type?.name ?? text(code, code);
const issuerName = (licence: Licence): Text => licence.issuer?.name ?? text("签发部门", "its issuer");

export const licence = {
  valid: (it: Licence, n: number) =>
    n === 1
      ? text(`有效，${issuerName(it).zh}签发`, `Valid, issued by ${issuerName(it).en}`)
      : text(`有效，但同类有效的共${n}份`, `Valid, but one of ${n} of its kind`),
  ended: (on: string) => text(`有效期至${on}，已过期`, `Expired on ${on}`),
  status: (status: string) => {
    const zh: Record<string, string> = { suspended: "已暂停", cancelled: "已注销", expired: "已过期" };
    return text(zh[status] ?? `状态为${status}，不能使用`, `Not valid: ${status}`);
  },
  older: () => text("同一证照的旧版本", "An older version of the same licence"),
  held: (name: Text, it: Licence) =>
    text(
      `持有有效的“${name.zh}”（${issuerName(it).zh}签发）`,
      `A valid ${name.en} is held, issued by ${issuerName(it).en}`,
    ),
  several: (name: Text, n: number) =>
    text(
      `查到${n}份不同的有效“${name.zh}”，系统不替人选择`,
      `${n} different valid records of ${name.en} were found; the platform never picks one itself`,
    ),
  sayWhich: (sources: readonly string[]) =>
    text(`请说明以哪一份为准：${sources.join("、")}`, `Say which one counts: ${sources.join(", ")}`),
  none: () => text("证照库中没有", "Not in the licence registry"),
};

export const match = {
  other: (label: Text) =>
    text(`“${label.zh}”一栏不是本件的相应人员`, `Its “${label.en}” does not name the person of this case`),
  nobody: (label: Text) =>
    text(`“${label.zh}”一栏没有可以对照的本件人员`, `This case has nobody whom its “${label.en}” could name`),
};

export const sibling = {
  produces: () => text("本件中的这一事项办结后产生", "This item of the case produces it"),
  waits: (name: Text, items: readonly string[]) =>
    text(
      `“${name.zh}”由本件的事项${items.join("、")}产生，办结后自动使用`,
      `${name.en} comes out of ${items.join(", ")} of this case and is used as soon as that has ended`,
    ),
};

export const register = {
  name: (code: string) => text(`登记库${code}`, `register ${code}`),
  confirms: () => text("有相符的记录", "Has the record"),
  proved: (name: Text, source: Text) =>
    text(`${source.zh}已核实“${name.zh}”`, `Confirmed by ${source.en}: ${name.en}`),
  absent: () => text("没有这项记录", "Has no such record"),
  noNumber: () =>
    text("此人尚无身份证号码，无法查询", "The person has no identity number yet, so it cannot be asked"),
  noOne: () => text("本件没有唯一可查询的人", "The case does not have exactly one person to ask about"),
  silent: () => text("暂时没有应答", "Does not answer for the moment"),
  late: () => text("没有在限定时间内应答", "Did not answer in time"),
  no_address: () => text("尚未配置地址", "Has no address configured"),
  wrong_person: () => text("答的是另一个人，未采用", "Answered about somebody else; not used"),
  garbage: () =>
    text("应答不合数据规范（garbage），未采用", "Its answer is not in the agreed form (garbage); not used"),
  waiting: (name: Text, source: Text, why: Text) =>
    text(
      `暂时不能核实“${name.zh}”：${source.zh}${why.zh}`,
      `${name.en} cannot be confirmed yet (${source.en}: ${lower(why.en)})`,
    ),
  again: () => text("无需操作，系统会自动再次查询", "Nothing to do: it is asked again automatically"),
};

export const statement = {
  made: () => text("已作出声明", "The statement was made"),
  notMade: () => text("尚未声明", "The statement was not made"),
  proved: (name: Text) => text(`以书面声明证明“${name.zh}”`, `${name.en} is declared in a signed statement`),
  make: (name: Text) => text(`请签署声明：${name.zh}`, `Sign the statement: ${name.en}`),
};

export const original = {
  seen: () => text("窗口工作人员已核对原件", "The clerk has seen the original"),
  notSeen: () => text("窗口尚未核对原件", "No clerk has seen the original"),
  proved: (name: Text) =>
    text(`窗口已核对“${name.zh}”原件`, `The original of ${name.en} was seen at the window`),
  show: (name: Text) =>
    text(
      `请在综合窗口出示“${name.zh}”原件，由工作人员记录`,
      `Show the original of ${name.en} at the window; the clerk records it`,
    ),
};

export const missing = {
  refused: (name: Text) => text(`未同意查询“${name.zh}”`, `It was not agreed to look up ${name.en}`),
  agree: (name: Text) => text(`同意查询“${name.zh}”`, `Agree to the look-up of ${name.en}`),
  several: (name: Text) =>
    text(
      `“${name.zh}”涉及的另一方不唯一`,
      `${name.en} is between two people, and the case has several for the other side`,
    ),
  unusable: (name: Text) =>
    text(`查到的“${name.zh}”不能用于本件`, `What was found as ${name.en} does not serve this case`),
  nothing: (name: Text) => text(`没有查到“${name.zh}”`, `No ${name.en} was found`),
  contact: (name: Text) =>
    text(
      `请联系主管部门核对或补录“${name.zh}”`,
      `Ask the department that keeps it to check or enter ${name.en}`,
    ),
};

const lower = (sentence: string): string => sentence.charAt(0).toLowerCase() + sentence.slice(1);
