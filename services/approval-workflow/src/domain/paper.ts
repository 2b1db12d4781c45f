// A paper of an approval: issued once, the same for ever. What it says is sealed; its bytes are told by their hash from its
// first reading on.
import type { ApprovalPaperIssued, ApprovalPaperRendered } from "@onething/contracts/approval/v1/desk_events";
import type { PaperKind } from "@onething/documents/kinds";
import { conflict, notFound, type Text } from "@onething/kernel/errors";
import { idFrom } from "@onething/kernel/ids";

export interface Paper {
  id: string;
  approvalId: string;
  caseId: string;
  item: string;
  /** Of the item. */
  name: Text;
  department: string;
  departmentName: Text;
  kind: PaperKind;
  number: string;
  checkCode: string;
  issuedAt: string;
  /** Person ids, the applicant's first. */
  readers: string[];
  sealedPaper: string;
  /** The approval's event that it tells. */
  approvalVersion: number;
  /** Of the PDF, hex; empty until it was read for the first time. */
  sha256: string;
}

export type Command =
  | { type: "issue"; issued: ApprovalPaperIssued }
  /** It was read, and these are the bytes; whoever was first has said for all. */
  | { type: "render"; id: string; sha256: string };
export type PaperEvent =
  | { type: "approval.paper_issued"; data: ApprovalPaperIssued }
  | { type: "approval.paper_rendered"; data: ApprovalPaperRendered };

/** One paper for one event. */
export const paperId = (event: string): string => idFrom("paper", event);

export function decide(state: Paper | null, command: Command): { events: PaperEvent[] } {
  if (command.type === "issue") {
    if (state) throw conflict("paper.exists", "这份文书已经出具", "This paper has been issued already");
    return { events: [{ type: "approval.paper_issued", data: command.issued }] };
  }
  if (!state) throw unknownPaper();
  const { id, sha256 } = command;
  return { events: state.sha256 ? [] : [{ type: "approval.paper_rendered", data: { id, sha256 } }] };
}

export const unknownPaper = () =>
  notFound(
    "paper.not_found",
    "没有这份文书，或者它不是给您的",
    "There is no such paper, or it is not yours to read",
  );

export function evolve(state: Paper | null, event: PaperEvent & { at: string }): Paper {
  if (event.type === "approval.paper_issued") return issued(event.data, event.at);
  if (!state) throw new Error(`${event.type} before approval.paper_issued`);
  return { ...state, sha256: event.data.sha256 };
}

function issued({ department, kind, name, ...data }: ApprovalPaperIssued, at: string): Paper {
  return {
    ...data,
    ...{ name: name!, kind: kind as PaperKind, issuedAt: data.issuedAt ?? at, sha256: "" },
    ...{ department: department?.code ?? "", departmentName: department?.name ?? { zh: "", en: "" } },
  };
}

/** It tells a grant, and is worth nothing once that is taken back. */
export const tellsGrant = (kind: PaperKind): boolean =>
  kind === "granted" || kind === "deemed_grant" || kind === "delivery";

// Crockford's base 32: no I, L, O or U, and whoever types them is understood.
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeLength = 16;

/** The check code of a keyed hash (hex): 80 bits that nobody guesses. */
export const checkCodeOf = (hash: string): string => {
  const bits = BigInt(`0x${hash.slice(0, (codeLength * 5) / 4)}`);
  return Array.from({ length: codeLength }, (_, i) => digits[Number((bits >> BigInt(5 * i)) & 31n)]).join("");
};

/** As people read and type it. */
export const groupedCode = (code: string): string => code.replaceAll(/(.{4})(?=.)/g, "$1-");

/** As it is kept, however it was typed; undefined for what is no code. */
export function readCheckCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return new RegExp(`^[${digits}]{${codeLength}}$`).test(code) ? code : undefined;
}
