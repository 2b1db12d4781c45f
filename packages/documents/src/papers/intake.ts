// From the counter to the acceptance: Administrative Licensing Law, article 32.
import type { Text } from "@onething/kernel/errors";
import { type Body, heading, paragraph, receivedBy } from "../blocks.ts";
import { paperName } from "../kinds.ts";
import type { PaperOf } from "../paper.ts";
import { dateText, licensingLaw, opening, provisionalText, sentence, youOf } from "../words.ts";
import { remediesBlocks } from "./remedies.ts";

const forms: Record<PaperOf<"receipt">["papers"][number]["form"], Text> = {
  original: { zh: "原件", en: "Original" },
  copy: { zh: "复印件", en: "Copy" },
  electronic: { zh: "电子件", en: "Electronic" },
};
const returned: Text = { zh: "已退还", en: "Returned" };
const kept: Text = { zh: "留存", en: "Kept" };

export function receipt(paper: PaperOf<"receipt">): Body {
  const you = youOf(paper);
  const on = dateText(paper.appliedOn);
  const by = dateText(paper.answerBy);
  const law = licensingLaw(32, 1, 4);
  const copies = paper.papers.reduce((sum, each) => sum + each.copies, 0);
  return {
    blocks: [
      paragraph({
        zh: `${on.zh}收到${you}就“${paper.item.name.zh}”提交的下列申请材料，共${paper.papers.length}种${copies}份：`,
        en:
          `On ${on.en} we received the following papers for your application for "${paper.item.name.en}": ` +
          `${paper.papers.length} kinds, ${copies} in all.`,
      }),
      {
        is: "table",
        columns: [
          { label: { zh: "材料名称", en: "Paper" }, share: 0.5 },
          { label: { zh: "形式", en: "Form" }, share: 0.18 },
          { label: { zh: "份数", en: "Copies" }, share: 0.12 },
          { label: { zh: "原件去向", en: "Originals" }, share: 0.2 },
        ],
        rows: paper.papers.map((each) => [
          each.name,
          forms[each.form],
          String(each.copies),
          each.form === "electronic" ? "—" : each.returned ? returned : kept,
        ]),
      },
      paragraph({
        zh:
          `本机关将于${by.zh}前告知${you}是否受理，或者一次告知需要补正的全部内容；逾期不告知的，` +
          `根据${law.zh}，自收到申请材料之日起即为受理。`,
        en:
          `By ${by.en} we will tell you whether the application is accepted, or name at once everything that must ` +
          `be supplemented. If we say nothing by then, it counts as accepted from the day on which we received ` +
          `the papers (${law.en}).`,
      }),
    ],
    signatures: [
      { label: { zh: "提交人（签名）", en: "Handed in by (signature)" } },
      { label: { zh: "收件人（签名）", en: "Taken in by (signature)" } },
    ],
  };
}

export function acceptance(paper: PaperOf<"acceptance">): Body {
  const accepted = dateText(paper.acceptedOn);
  const [promised, due] = [dateText(paper.promisedOn), dateText(paper.dueOn)];
  const stopped = licensingLaw(45);
  const may = paper.provisional ? provisionalText : { zh: "", en: "" };
  return {
    blocks: [
      paragraph(opening(paper)),
      paragraph(paper.deemed ? deemed(accepted) : complete(accepted)),
      paragraph({
        zh:
          `本机关承诺于${promised.zh}前办结，法定办理期限至${due.zh}${may.zh}。依法需要听证、招标、拍卖、检验、检测、检疫、` +
          `鉴定和专家评审的，根据${stopped.zh}，所需时间不计入上述期限，本机关将另行书面告知。`,
        en:
          `We promise to decide by ${promised.en}; the limit by law ends on ${due.en}${may.en}. The time of a hearing, tender, ` +
          "auction, inspection, testing, quarantine, appraisal or expert review that the law requires is not counted " +
          `(${stopped.en}); we would tell you so in writing.`,
      }),
      paragraph({
        zh: `办理进度查询方式：${paper.queryWay.zh}`,
        en: `How to follow the case: ${paper.queryWay.en}`,
      }),
    ],
    signatures: receivedBy,
  };
}

function complete(on: Text): Text {
  const law = licensingLaw(32, 1, 5);
  return {
    zh: `经审查，申请事项属于本机关职权范围，申请材料齐全、符合法定形式。根据${law.zh}，本机关决定自${on.zh}起予以受理。`,
    en:
      "The matter is within our powers, and the papers are complete and in the form required. " +
      `It is accepted as of ${on.en} (${law.en}).`,
  };
}

function deemed(on: Text): Text {
  const law = licensingLaw(32, 1, 4);
  return {
    zh: `因本机关未在五个工作日内告知需要补正的内容，根据${law.zh}，该申请自收到申请材料之日（${on.zh}）起即为受理。`,
    en:
      "We did not name anything to be supplemented within five working days. The application therefore counts as " +
      `accepted from ${on.en}, the day on which we received the papers (${law.en}).`,
  };
}

export function supplement(paper: PaperOf<"supplement">): Body {
  const law = licensingLaw(32, 1, 4);
  const by = paper.respondBy && dateText(paper.respondBy);
  const you = youOf(paper);
  const consequence = sentence(paper.consequence);
  return {
    blocks: [
      paragraph(opening(paper)),
      paragraph({
        zh:
          `经审查，申请材料不齐全或者不符合法定形式。根据${law.zh}，现一次性告知${you}需要补正的全部内容` +
          `（共${paper.gaps.length}项）：`,
        en:
          "The papers are not complete or not in the form required. Here is, told once, everything that must be " +
          `supplemented (${law.en}); ${paper.gaps.length} in all:`,
      }),
      {
        is: "table",
        columns: [
          { label: { zh: "需补正的内容", en: "What" }, share: 0.26 },
          { label: { zh: "存在的问题", en: "What is wrong" }, share: 0.34 },
          { label: { zh: "补正方法", en: "How to mend it" }, share: 0.4 },
        ],
        rows: paper.gaps.map((gap) => [gap.what, gap.problem, gap.remedy]),
      },
      paragraph({
        zh:
          `请${by ? `于${by.zh}前` : "尽快"}补正。${consequence.zh}` +
          `除上列内容外，本机关不再要求${you}补正其他内容。`,
        en:
          `Please supplement ${by ? `by ${by.en}` : "soon"}. ${consequence.en} ` +
          "We will ask for nothing beyond this list.",
      }),
    ],
    signatures: receivedBy,
  };
}

export function nonAcceptance(paper: PaperOf<"non_acceptance">): Body {
  const notNeeded = paper.ground.is === "not_needed";
  return {
    blocks: [
      paragraph(opening(paper)),
      paragraph(notNeeded ? noLicenceNeeded() : notOurs()),
      heading("理由", "Reason"),
      paragraph(sentence(paper.reason)),
      ...(paper.ground.is === "not_this_authority"
        ? [heading("有权机关", "The right authority"), paragraph(goTo(paper.ground.rightBody))]
        : []),
      ...remediesBlocks(paper.remedies, paperName("non_acceptance")),
    ],
    signatures: receivedBy,
  };
}

function noLicenceNeeded(): Text {
  const law = licensingLaw(32, 1, 1);
  return {
    zh: `经审查，申请事项依法不需要取得行政许可。根据${law.zh}，本机关不予受理，现予告知。`,
    en: `What you applied for needs no licence by law; therefore the application is not accepted (${law.en}).`,
  };
}

function notOurs(): Text {
  const law = licensingLaw(32, 1, 2);
  return {
    zh: `经审查，申请事项依法不属于本机关职权范围。根据${law.zh}，本机关决定不予受理。`,
    en: `The matter is by law not within our powers; therefore we decide not to accept the application (${law.en}).`,
  };
}

function goTo({ name, address }: { name: Text; address?: Text | undefined }): Text {
  return {
    zh: `请向${name.zh}提出申请${address ? `（${address.zh}）` : ""}。`,
    en: `Please apply to ${name.en}${address ? ` (${address.en})` : ""}.`,
  };
}
