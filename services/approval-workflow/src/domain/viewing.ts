// A look at a piece of work: what of whom the department was shown. A root of its own, so that reading changes no work.
import type { ApprovalViewed, ViewedPerson } from "@onething/contracts/approval/v1/desk_events";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Text } from "@onething/kernel/errors";
import { pick } from "@onething/kernel/fields";
import { idFrom } from "@onething/kernel/ids";
import { holdersOf } from "@onething/kernel/pairs";
import type { Approval } from "./approval.ts";
import type { Paper } from "./paper.ts";
import type { Values } from "./result.ts";

export interface Viewing {
  caseId: string;
}
export type Shown = { of: Approval } & (
  | { type: "view" }
  /** A paper of it, by what it is called. */
  | { type: "view_paper"; paper: Paper; called: Text }
  /** A file that lies with it. */
  | { type: "view_attachment" }
);
export type View = Shown & { by: string; id: string };
export type ViewingEvent = { type: "approval.viewed"; data: ApprovalViewed };

/** Paging through a desk is not a flood of looks: of one actor at one work, one an hour. */
export const viewingId = (approval: string, by: string, now: Date): string =>
  idFrom(approval, by, now.toISOString().slice(0, 13));

export function decide(state: Viewing | null, view: View): { events: ViewingEvent[] } {
  if (state) return { events: [] };
  const { of, by, id } = view;
  const { id: approvalId, caseId, item } = of;
  const { code, department } = item;
  const [name, people] = shownBy(view);
  const data = { id, approvalId, caseId, item: code, name, department, by, people };
  return { events: [{ type: "approval.viewed", data }] };
}

function shownBy(view: View): [Text | undefined, ViewedPerson[]] {
  const { of } = view;
  if (view.type === "view") return [of.item.name, peopleShown(of)];
  if (view.type === "view_paper") return [view.called, peopleOn(view.paper, of)];
  // What an attachment is called may say more than the people concerned are to know.
  const { zh = "", en = "" } = of.item.name ?? {};
  const concerned = [of.readers[0] ?? "", ...peopleShown(of).map(({ personId }) => personId)];
  return [{ zh: `${zh}：附件`, en: `${en}: an attachment` }, seen(concerned)];
}

export const evolve = (_: Viewing | null, { data }: ViewingEvent): Viewing => ({ caseId: data.caseId });

/** The fields of the evidence that the item lists: whatever was sent, no others are shown, and no rule reads others. */
export const shownOf = ({ evidenceFields }: Approval["item"], { requirement }: Receipt, fields: Values) =>
  pick(fields, evidenceFields[requirement]?.names ?? []);

/** Whose form data and evidence the work holds; evidence between two people is of both. */
function peopleShown({ item, subjects, receipts }: Approval): ViewedPerson[] {
  const proofs = receipts.filter(({ proof }) => proof);
  const ofRole = (role: string) => subjects.filter((each) => each.role === role).map((each) => each.personId);
  const concerned = ({ personId, pair }: Receipt) => [personId, ...(pair?.to ? ofRole(pair.to) : [])];
  const people = new Set([...item.formRoles.flatMap(ofRole), ...proofs.flatMap(concerned)]);
  return [...people].filter(Boolean).map((personId) => {
    const own = proofs.filter((receipt) => concerned(receipt).includes(personId));
    const kept = own.filter(({ proof }) => proof && ["licence", "registration"].includes(proof.kind));
    return {
      personId,
      evidence: unique(own.flatMap(({ pair }) => pair?.evidence ?? [])),
      identifiers: unique(kept.map(({ proof }) => proof!.reference)),
    };
  });
}

/** Who stands on a paper: the applicant, and on a decision those to whom something is granted. */
function peopleOn({ kind, readers }: Paper, { item, subjects }: Approval): ViewedPerson[] {
  const holders = item.produces.flatMap(({ pair }) => (pair ? holdersOf(pair, subjects) : []));
  const people = [
    readers[0] ?? "",
    ...(kind === "granted" ? holders.flatMap((each) => [each.holderId, each.toHolderId]) : []),
  ];
  return seen(people);
}

/** People of whom something was seen, and no evidence. */
const seen = (people: readonly string[]): ViewedPerson[] =>
  unique(people)
    .filter(Boolean)
    .map((personId) => ({ personId, evidence: [], identifiers: [] }));

const unique = (values: readonly string[]): string[] => [...new Set(values)];
