// One department asks another for its opinion on a piece of work. Whoever is asked sees the question and what the item is
// called, and nothing of the data. A root of its own: it is the other department's business, not the approval's.
import type { ConsultationAnswered, ConsultationAsked } from "@onething/contracts/approval/v1/desk_events";
import { conflict, invalid, notFound, type Text } from "@onething/kernel/errors";
import type { Official } from "./obstacles.ts";

export interface Consultation extends ConsultationAsked {
  askedAt: string;
  /** Empty until it is answered. */
  answeredAt: string;
  answeredBy: string;
  agrees: boolean;
  opinion?: Text;
}

export type Command =
  | { type: "ask"; asked: ConsultationAsked }
  | { type: "answer"; by: Official; agrees: boolean; opinion: Text };
export type ConsultationEvent =
  | { type: "consultation.asked"; data: ConsultationAsked }
  | { type: "consultation.answered"; data: ConsultationAnswered };

export const mostDays = 20;

export function decide(state: Consultation | null, command: Command): { events: ConsultationEvent[] } {
  if (command.type === "ask") {
    const { asked } = command;
    if (asked.asked === asked.asking?.code)
      throw invalid(
        "consultation.own_department",
        "请选择本部门以外的部门征求意见",
        "An opinion is asked of another department than one's own",
      );
    return { events: state ? [] : [{ type: "consultation.asked", data: asked }] };
  }
  const { by, agrees, opinion } = command;
  if (state?.asked !== by.department) throw unknownConsultation();
  if (state.answeredAt)
    throw conflict("consultation.answered", "已经答复过了", "It has been answered already");
  return {
    events: [{ type: "consultation.answered", data: { id: state.id, by: by.actor, agrees, opinion } }],
  };
}

export const unknownConsultation = () =>
  notFound("consultation.not_found", "没有向您的部门征求这项意见", "Your department has not been asked this");

export function evolve(state: Consultation | null, event: ConsultationEvent & { at: string }): Consultation {
  if (event.type === "consultation.asked")
    return { ...event.data, askedAt: event.at, answeredAt: "", answeredBy: "", agrees: false };
  if (!state) throw new Error(`${event.type} before consultation.asked`);
  const { by, agrees, opinion } = event.data;
  return { ...state, answeredAt: event.at, answeredBy: by, agrees, ...(opinion && { opinion }) };
}
