// What moves the date by which the applicant hears: Administrative Licensing Law, articles 42 and 45.
import type { Text } from "@onething/kernel/errors";
import { type Body, heading, paragraph, receivedBy } from "../blocks.ts";
import type { PaperOf, Procedure } from "../paper.ts";
import { dateText, licensingLaw, opening, provisionalText, sentence, youOf } from "../words.ts";

const procedures: Record<Procedure, Text> = {
  hearing: { zh: "听证", en: "Hearing" },
  tender: { zh: "招标", en: "Tender" },
  auction: { zh: "拍卖", en: "Auction" },
  inspection: { zh: "检验", en: "Inspection" },
  testing: { zh: "检测", en: "Testing" },
  quarantine: { zh: "检疫", en: "Quarantine" },
  appraisal: { zh: "鉴定", en: "Appraisal" },
  expert_review: { zh: "专家评审", en: "Expert review" },
};

export function specialProcedure(paper: PaperOf<"special_procedure">): Body {
  const [from, until] = [dateText(paper.startsOn), dateText(paper.endsOn)];
  const procedure = procedures[paper.procedure];
  const law = licensingLaw(45);
  return {
    blocks: [
      paragraph(opening(paper)),
      paragraph({
        zh: `作出行政许可决定前，该申请依法需要进行${procedure.zh}。现将有关情况告知${youOf(paper)}：`,
        en: "Before a decision can be made, the law requires the following procedure:",
      }),
      {
        is: "particulars",
        rows: [
          { label: { zh: "特别程序", en: "Procedure" }, value: procedure },
          {
            label: { zh: "所需时间", en: "Time needed" },
            value: { zh: `${paper.workingDays}个工作日`, en: `${paper.workingDays} working days` },
          },
          {
            label: { zh: "起止日期", en: "From and until" },
            value: { zh: `${from.zh}至${until.zh}`, en: `${from.en} to ${until.en}` },
          },
        ],
      },
      heading("理由", "Ground"),
      paragraph(sentence(paper.reason)),
      heading("对办理期限的影响", "What this means for the time limit"),
      paragraph({
        zh: `根据${law.zh}，上述时间不计入行政许可办理期限。特别程序结束后，办理期限继续计算。`,
        en: `This time is not counted in the limit for the decision (${law.en}). The limit runs on once the procedure ends.`,
      }),
    ],
    signatures: receivedBy,
  };
}

export function extension(paper: PaperOf<"extension">): Body {
  const [accepted, due, newDue] = [paper.acceptedOn, paper.dueOn, paper.newDueOn].map(dateText) as [
    Text,
    Text,
    Text,
  ];
  const law = licensingLaw(42, paper.joint ? 2 : 1);
  const may = paper.provisional ? provisionalText : { zh: "", en: "" };
  return {
    blocks: [
      paragraph({
        zh:
          `${youOf(paper)}于${dateText(paper.appliedOn).zh}提出的“${paper.item.name.zh}”申请，本机关已于${accepted.zh}受理，` +
          `办理期限至${due.zh}。因不能在该期限内作出决定，现将延期情况告知如下：`,
        en:
          `Your application of ${dateText(paper.appliedOn).en} for "${paper.item.name.en}" was accepted on ${accepted.en}; ` +
          `the limit for the decision ends on ${due.en}. No decision can be made by then, and the limit is extended:`,
      }),
      heading("延期理由", "Reason"),
      paragraph(sentence(paper.reason)),
      heading("延期决定", "Extension"),
      paragraph({
        zh: `根据${law.zh}，经${paper.approvedBy.zh}批准，办理期限延长${paper.workingDays}个工作日，至${newDue.zh}止${may.zh}。`,
        en:
          `Approved by ${paper.approvedBy.en}, the limit is extended by ${paper.workingDays} working days ` +
          `and now ends on ${newDue.en}${may.en} (${law.en}).`,
      }),
    ],
    signatures: receivedBy,
  };
}
