// How a department's notice looks at the HTTP door, and how it is answered there.
import { z } from "@onething/service/http";
import type { CaseState, ItemState } from "./domain/case.ts";
import { fieldOf, openNotice, requirementOf, ways, waysOf } from "./domain/supplement.ts";
import { Text, text } from "./text-view.ts";
import { planOf } from "./verbs/preview.ts";

export const NoticeView = z
  .object({
    at: z.string().openapi({ format: "date-time" }),
    answerBy: z.iso.date().nullable().openapi({
      description:
        "最迟补正日期，逾期视为撤回 · Last day for the answer; afterwards the application counts as withdrawn",
    }),
    gaps: z.array(
      z.object({
        id: z.string(),
        field: z
          .object({
            name: z.string(),
            label: Text,
            type: z.string(),
            required: z.boolean(),
            choices: z.array(z.string()),
            role: z.string(),
          })
          .nullable(),
        requirement: z.object({ id: z.string(), name: Text }).nullable(),
        what: Text.openapi({ description: "缺什么或哪里不对 · What is missing or wrong" }),
        remedy: Text.openapi({ description: "怎样补正 · What would do" }),
        ways: z.array(z.enum(ways)).openapi({ description: "可以怎样答复 · How it can be answered" }),
      }),
    ),
  })
  .openapi("SupplementNotice", {
    description: "一次性告知补正（行政许可法第三十二条）· One-time notice (Licensing Law art. 32)",
  });

export function noticeView(state: CaseState, item: ItemState | undefined): z.infer<typeof NoticeView> | null {
  const notice = item && openNotice(item);
  if (!notice) return null;
  const plan = planOf(state);
  const gaps = notice.gaps.map((gap) => {
    const [asked, requirement] = [fieldOf(plan, gap), requirementOf(plan, gap)];
    const { name = "", label, type = "", required = false, choices = [] } = asked?.field ?? {};
    return {
      id: gap.id,
      field: asked ? { name, label: text(label), type, required, choices, role: asked.role } : null,
      requirement: requirement ? { id: requirement.id, name: text(requirement.name) } : null,
      what: text(gap.what),
      remedy: text(gap.remedy),
      ways: waysOf(plan, gap),
    };
  });
  return { at: notice.at, answerBy: notice.answerBy || null, gaps };
}

const gap = z.string().max(32).openapi({ description: "通知中该项的 id · Id of the gap in the notice" });
export const SupplementBody = z
  .object({
    answers: z
      .array(
        z.discriminatedUnion("way", [
          z.object({ gap, way: z.literal("value"), value: z.string().max(2000) }),
          z.object({ gap, way: z.literal("evidence") }).openapi({
            description:
              "再查询一次，即同意为此使用 · Look it up again, which is to agree to its use for this item",
          }),
          z.object({ gap, way: z.literal("original") }).openapi({
            description: "窗口已查验原件 · A window has seen the original",
          }),
          z.object({ gap, way: z.literal("words"), words: z.string().max(2000) }),
        ]),
      )
      .max(100),
  })
  .openapi("Supplement");
