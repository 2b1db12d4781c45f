// An event of an approval that the applicant must be told in writing becomes a paper: numbered, sealed, to be read and checked.
// It is not drawn yet: that is done when somebody reads it. Everything comes of the event, so that a repeat makes no second one.
import { ApprovalPaperIssued } from "@onething/contracts/approval/v1/desk_events";
import { documentNumber, type PaperKind } from "@onething/documents/kinds";
import { type Paper as Content, checkPaper } from "@onething/documents/paper";
import type { PublishedEvent } from "@onething/events/consumer";
import type { Happened } from "@onething/journal/journal";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { civilDate } from "@onething/kernel/civil-date";
import type { Approval, ApprovalEvent } from "../domain/approval.ts";
import { evolve } from "../domain/evolve.ts";
import { checkCodeOf, groupedCode, paperId } from "../domain/paper.ts";
import { seriesId } from "../domain/series.ts";
import { paperKind, seriesKind } from "../kind.ts";
import { numberOf } from "../paper-store.ts";
import { type About, kindFor, letterOf, type Told } from "../papers/letter.ts";
import type { Deps } from "./deps.ts";

export interface PaperDeps extends Deps {
  /** Where people reach the platform: stands on every paper, with its check. */
  publicUrl: () => string;
}

const actor = "consumer:approval-papers";

export async function issuePaper(deps: PaperDeps, event: PublishedEvent): Promise<void> {
  const told = event as PublishedEvent & ApprovalEvent;
  const kind = kindFor(told);
  if (!kind) return;
  const id = paperId(event.id);
  if ((await numberOf(deps.db, id)) !== undefined) return;
  const about = await aboutOf(deps, event);
  // Opened before there were papers: nobody handed over who applies.
  if (!about?.now.sealedApplicant) return;
  const { now } = about;
  const number = await nextNumber(deps, kind, about, event.id);
  const checkCode = checkCodeOf(deps.keyring.hash("paper-check", event.id));
  const url = `${deps.publicUrl()}/api/v1/check/${checkCode}`;
  const content: Content = { ...letterOf(about), number, check: { code: groupedCode(checkCode), url } };
  // What could not be printed is not issued either.
  const paper = canonicalJson(checkPaper(content));
  const sealer = await deps.keyring.sealer(`case/${now.caseId}`);
  const { id: approvalId, caseId, itemCode: item, readers } = now;
  const issued = ApprovalPaperIssued.fromPartial({
    ...{ id, approvalId, caseId, item, name: now.item.name, department: now.item.department },
    ...{ kind, number, checkCode, issuedAt: event.at, readers, sealedPaper: sealer.seal({ paper }) },
    approvalVersion: event.version,
  });
  const by = { actor, key: `${event.id}:paper`, body: { paper: id }, trace: event.trace };
  await deps.journal.submit(paperKind, id, { type: "issue", issued }, by);
}

/** The approval as it stood at the event, whatever has happened since, with what the paper says of it opened. */
async function aboutOf(deps: PaperDeps, event: PublishedEvent): Promise<About | undefined> {
  const { db, journal, keyring } = deps;
  const approvalId = event.stream.slice(event.stream.indexOf("/") + 1);
  const history = await journal.history(deps.kind, approvalId);
  const past = history.filter(({ version }) => version <= event.version) as unknown as Happened<Told>[];
  const last = past.at(-1);
  if (!last) return undefined;
  const before = past.slice(0, -1).reduce<Approval | null>((state, each) => evolve(state, each), null);
  const now = evolve(before, last);
  const audit = { actor, purpose: `paper of item ${now.itemCode}, case ${now.caseId}` };
  const sealedResult = last.type === "approval.granted" ? last.data.sealedResult : "";
  const [applicant = {}, result = {}] = await keyring.open([now.sealedApplicant, sealedResult], audit);
  const decision = history.find(({ type }) => type === "approval.granted");
  const about = last.type === "approval.delivered" || last.type === "approval.revoked";
  const decisionNumber = about && decision ? await numberOf(db, paperId(decision.id)) : undefined;
  return { event: last, past, before, now, applicant, result, decisionNumber };
}

/** By department, kind and year; the same event is told the same number again. */
async function nextNumber(
  { journal }: PaperDeps,
  kind: PaperKind,
  { now, event: { at } }: About,
  event: string,
): Promise<string> {
  const { department } = now;
  const year = Number(civilDate(at).slice(0, 4));
  const paper = paperId(event);
  const done = await journal.submit(
    seriesKind,
    seriesId({ department, year, kind }),
    { type: "next", department, year, kind, paper },
    { actor, key: `${event}:number` },
  );
  return documentNumber(markOf(now), year, kind, done.answer as number);
}

/** Where the city gives a department no mark, its name is one. */
const markOf = ({ item, department }: Approval): string =>
  item.letterhead?.mark || `${(item.department?.name?.zh ?? department).replaceAll(/[\s〔〕]/g, "")}许`;
