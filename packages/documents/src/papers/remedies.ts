// What one can do against a paper: what the item names itself, and the two ways of the general law.
import type { Text } from "@onething/kernel/errors";
import { type Block, heading, paragraph } from "../blocks.ts";
import type { Remedies } from "../paper.ts";
import { remedyText, sentence } from "../words.ts";

/** `against` says what one may be dissatisfied with where nobody has decided. */
export const remediesBlocks = (remedies: Remedies, paperName: Text, against?: string): Block[] => [
  heading("权利救济", "Remedies"),
  ...(remedies.own ? [{ is: "list" as const, items: remedies.own.map(sentence) }] : []),
  paragraph(remedyText(remedies, paperName, against)),
];
