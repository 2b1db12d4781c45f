// Decisions and their delivery: Administrative Licensing Law, articles 38 and 44.
import type { Text } from "@onething/kernel/errors";
import { type Body, heading, paragraph, receivedBy, signedOn } from "../blocks.ts";
import { paperName } from "../kinds.ts";
import type { DeliveryMethod, PaperOf } from "../paper.ts";
import { dateText, licensingLaw, opening, sentence } from "../words.ts";
import { remediesBlocks } from "./remedies.ts";

export function granted(paper: PaperOf<"granted">): Body {
  const [law, delivery] = [licensingLaw(38, 1), licensingLaw(44)];
  const by = dateText(paper.deliverBy);
  return {
    blocks: [
      paragraph(opening(paper)),
      heading("查明的事实", "Facts"),
      { is: "list", items: paper.facts.map(sentence) },
      heading("法律依据", "Legal basis"),
      { is: "list", items: paper.basis },
      heading("决定", "Decision"),
      paragraph({
        zh: `申请符合法定条件、标准。根据${law.zh}，本机关决定准予行政许可：`,
        en: `The application meets the conditions and standards of the law. We decide to grant the licence (${law.en}):`,
      }),
      { is: "particulars", rows: paper.result },
      paragraph({
        zh: `本机关将于${by.zh}前颁发、送达行政许可证件或者办理结果（${delivery.zh}）。`,
        en: `The licence or result will be issued and delivered by ${by.en} (${delivery.en}).`,
      }),
      ...remediesBlocks(paper.remedies, paperName("granted")),
    ],
    signatures: receivedBy,
  };
}

/** Nobody has decided: the paper says so, and what the rule makes of it. */
export function deemedGrant(paper: PaperOf<"deemed_grant">): Body {
  const [accepted, limit, by] = [
    dateText(paper.acceptedOn),
    dateText(paper.limitOn),
    dateText(paper.deliverBy),
  ];
  const { basis } = paper;
  return {
    blocks: [
      paragraph(opening(paper)),
      heading("经过", "What happened"),
      paragraph({
        zh: `申请于${accepted.zh}受理，法定办理期限至${limit.zh}。在该期限内没有作出是否准予的决定。`,
        en:
          `The application was accepted on ${accepted.en}; the limit by law ended on ${limit.en}. ` +
          "No decision was made within it.",
      }),
      heading("依据和结果", "The rule, and what follows"),
      { is: "list", items: [basis] },
      paragraph({
        zh: `依照上述规定，该申请自${limit.zh}期限届满时起视为准予：`,
        en: `By this rule the application counts as granted as of the end of ${limit.en}:`,
      }),
      { is: "particulars", rows: paper.result },
      paragraph({
        zh: `行政许可证件或者办理结果将于${by.zh}前颁发、送达。`,
        en: `The licence or result will be issued and delivered by ${by.en}.`,
      }),
      ...remediesBlocks(paper.remedies, paperName("deemed_grant"), "上述结果"),
    ],
    signatures: receivedBy,
  };
}

export function refused(paper: PaperOf<"refused">): Body {
  const law = licensingLaw(38, 2);
  return {
    blocks: [
      paragraph(opening(paper)),
      heading("查明的事实", "Facts"),
      { is: "list", items: paper.facts.map(sentence) },
      heading("不予许可的理由", "Reasons for the refusal"),
      { is: "list", items: paper.reasons.map(sentence) },
      heading("法律依据", "Legal basis"),
      { is: "list", items: paper.basis },
      heading("决定", "Decision"),
      paragraph({
        zh: `申请不符合法定条件、标准。根据${law.zh}，本机关决定不予行政许可。`,
        en:
          "The application does not meet the conditions and standards of the law. " +
          `We decide not to grant the licence (${law.en}).`,
      }),
      ...remediesBlocks(paper.remedies, paperName("refused")),
    ],
    signatures: receivedBy,
  };
}

const methods: Record<DeliveryMethod, Text> = {
  direct: { zh: "直接送达", en: "By hand" },
  window: { zh: "窗口领取", en: "Collected at the window" },
  post: { zh: "邮寄送达", en: "By post" },
  electronic: { zh: "电子送达", en: "Electronically" },
  entrusted: { zh: "委托送达", en: "By an entrusted body" },
  left: { zh: "留置送达", en: "Left at the address" },
  public: { zh: "公告送达", en: "By public notice" },
};

export function delivery(paper: PaperOf<"delivery">): Body {
  const { recipient } = paper;
  return {
    blocks: [
      paragraph({
        zh: "下列文书、证件已经送达：",
        en: "The following papers have been delivered:",
      }),
      {
        is: "table",
        columns: [
          { label: { zh: "送达的文书、证件", en: "Paper delivered" }, share: 0.36 },
          { label: { zh: "编号", en: "Number" }, share: 0.52 },
          { label: { zh: "份数", en: "Copies" }, share: 0.12 },
        ],
        rows: paper.delivered.map(({ name, number, copies }) => [name, number ?? "—", String(copies)]),
      },
      {
        is: "particulars",
        rows: [
          {
            label: { zh: "受送达人", en: "Delivered to" },
            value: {
              zh: `${recipient.name}（${recipient.relation.zh}）`,
              en: recipient.relation.en,
            },
          },
          { label: { zh: "送达方式", en: "How" }, value: methods[paper.method] },
          ...(paper.tracking
            ? [{ label: { zh: "邮件编号", en: "Tracking number" }, value: paper.tracking }]
            : []),
          { label: { zh: "送达地点", en: "Where" }, value: paper.place },
          { label: { zh: "送达日期", en: "When" }, value: dateText(paper.deliveredOn) },
          { label: { zh: "送达人", en: "Delivered by" }, value: paper.deliveredBy },
        ],
      },
    ],
    signatures: [
      { label: { zh: "受送达人（签章）", en: "Recipient (signature)" } },
      signedOn("签收日期", "Received on"),
      { label: { zh: "送达人（签名）", en: "Delivered by (signature)" } },
      { label: { zh: "代收人及理由", en: "On behalf, and why" } },
      { label: { zh: "拒收事由、见证人", en: "Why refused, witness" }, wide: true },
    ],
  };
}
