// A grant that is taken back: Administrative Licensing Law, articles 8 and 69, or the rule of the bundle it was filed in.
import type { Text } from "@onething/kernel/errors";
import { type Body, heading, paragraph, receivedBy } from "../blocks.ts";
import { paperName } from "../kinds.ts";
import type { PaperOf, RevocationGround } from "../paper.ts";
import { dateText, licensingLaw, sentence, youOf } from "../words.ts";
import { remediesBlocks } from "./remedies.ts";

/** On which ground, and what the law calls the act then. */
const grounds: Record<RevocationGround, { ground: Text; act: Text }> = {
  by_authority: {
    ground: {
      zh: `准予的作出违反法律规定（${licensingLaw(69, 1).zh}）`,
      en: `The grant was made against the law (${licensingLaw(69, 1).en})`,
    },
    act: { zh: "撤销", en: "revoke" },
  },
  fraud: {
    ground: {
      zh: `准予以欺骗、贿赂等不正当手段取得（${licensingLaw(69, 2).zh}）`,
      en: `The grant was got by fraud, bribery or other improper means (${licensingLaw(69, 2).en})`,
    },
    act: { zh: "撤销", en: "revoke" },
  },
  public_interest: {
    ground: {
      zh: `为了公共利益的需要（${licensingLaw(8, 2).zh}）`,
      en: `The public interest requires it (${licensingLaw(8, 2).en})`,
    },
    act: { zh: "撤回", en: "withdraw" },
  },
  sibling_refused: {
    ground: {
      zh: "一并申请的其他事项没有准予，按照这件事提交时说明的办理规则，已经准予的事项一并收回",
      en: "Another item of the same application was refused; by the rule told when it was filed, what was granted is taken back with it",
    },
    act: { zh: "收回", en: "take back" },
  },
};

export function revocation(paper: PaperOf<"revocation">): Body {
  const { ground, act } = grounds[paper.ground];
  return {
    blocks: [
      paragraph(whatWasGranted(paper)),
      heading("原因", "Ground"),
      paragraph(sentence(ground)),
      heading("理由", "Reasons"),
      { is: "list", items: paper.reasons.map(sentence) },
      heading("决定", "Decision"),
      paragraph({
        zh: `本机关决定${act.zh}上述准予。${paper.issued ? "据此颁发的下列证件、登记一并失效：" : ""}`,
        en: `We ${act.en} the grant named above.${paper.issued ? " What was issued by it is void with it:" : ""}`,
      }),
      ...(paper.issued
        ? [
            {
              is: "particulars" as const,
              rows: paper.issued.map(({ name, number }) => ({ label: name, value: number })),
            },
          ]
        : []),
      ...remediesBlocks(paper.remedies, paperName("revocation")),
    ],
    signatures: receivedBy,
  };
}

function whatWasGranted(paper: PaperOf<"revocation">): Text {
  const { number, date, deemed } = paper.decision;
  const [on, item] = [dateText(date), paper.item.name];
  const named = number ? { zh: `（文号${number}）`, en: ` (number ${number})` } : { zh: "", en: "" };
  return {
    zh: `${youOf(paper)}申请的“${item.zh}”，已于${on.zh}${deemed ? "视为准予" : "准予"}${named.zh}。`,
    en: `Your application for "${item.en}" ${deemed ? "came to count as granted" : "was granted"} on ${on.en}${named.en}.`,
  };
}
