// The acceptance check (Licensing Law art. 32): accepted, corrected on the spot and accepted, or not accepted. The fifth
// outcome, the one-time notice, is in supplement.ts.
import type { Work } from "@onething/contracts/approval/v1/work";
import { invalid, type Text } from "@onething/kernel/errors";
import { fieldProblems } from "@onething/kernel/fields";
import { both } from "../domain/content.ts";
import type { Official } from "../domain/obstacles.ts";
import { reasonsOf, type Values } from "../domain/result.ts";
import { type Ground, grounds } from "../domain/table.ts";
import { type Asked, act } from "./act.ts";
import type { Deps } from "./deps.ts";

export const accept = (deps: Deps, by: Official, asked: Asked): Promise<Work> =>
  act(deps, by, asked, { accept: asked.id }, () => ({ type: "accept", by }));

/** Only fields of the item's form; the whole form must then fit its schema. */
export const correct = (deps: Deps, by: Official, asked: Asked, values: Values): Promise<Work> =>
  act(deps, by, asked, { correct: asked.id, values }, async (work) => {
    const fields = Object.keys(values);
    const form = work.formSchema.filter(({ name }) => fields.includes(name));
    const problems = fieldProblems(form, values, "values");
    if (fields.length === 0 || problems.length > 0)
      throw invalid(
        "approval.correction_invalid",
        "更正的内容不符合表单要求",
        "The corrected values do not fit the form",
        { fields: problems },
      );
    const purpose = `correction of item ${work.itemCode}, case ${work.caseId}`;
    const [before = {}] = await deps.keyring.open([work.sealedForm], { actor: by.actor, purpose });
    const sealer = await deps.keyring.sealer(`case/${work.caseId}`);
    return { type: "correct", by, fields, sealedForm: sealer.seal({ ...before, ...values }) };
  });

export interface Declining {
  ground: string;
  reasons: readonly Text[];
  rightBody: Text | undefined;
}

export const decline = (deps: Deps, by: Official, asked: Asked, input: Declining): Promise<Work> =>
  act(deps, by, asked, { decline: asked.id, ...input }, () => {
    const ground = groundOf(input.ground);
    const rightBody = ground === "not_this_authority" ? both("rightBody", input.rightBody) : undefined;
    return { type: "decline", by, ground, reasons: reasonsOf(input.reasons), rightBody };
  });

function groundOf(given: string): Ground {
  const ground = grounds.find((each) => each === given);
  if (ground) return ground;
  throw invalid(
    "approval.ground_unknown",
    "不予受理的原因须为 not_needed（不需要许可）或 not_this_authority（不属于本机关职权）",
    "The ground is not_needed (no licence is needed) or not_this_authority (another body has the power)",
  );
}
