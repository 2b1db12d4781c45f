// Papers are listed, read and checked. A paper is drawn when it is read for the first time; from then on it is those bytes.
import { createHash } from "node:crypto";
import { paperName } from "@onething/documents/kinds";
import type { Paper as Content } from "@onething/documents/paper";
import { render } from "@onething/documents/render";
import { notFound } from "@onething/kernel/errors";
import { windowClerks } from "@onething/kernel/readers";
import { actorOf, type Caller } from "@onething/service/types";
import { type Paper, readCheckCode, tellsGrant, unknownPaper } from "../domain/paper.ts";
import { paperKind } from "../kind.ts";
import {
  fileOf,
  keepFile,
  type ListedPaper,
  paperByCode,
  paperFor,
  papersOf,
  type Reader,
} from "../paper-store.ts";
import { workById } from "../store.ts";
import type { Deps } from "./deps.ts";
import { recordLook } from "./look.ts";

/** Of a citizen the person, of a clerk the windows, of an officer the department; without any nothing is theirs. */
const readerOf = ({ role, personId = "", department = "" }: Caller): Reader =>
  role === "citizen" ? { reader: personId } : role === "clerk" ? { reader: windowClerks } : { department };

export const listPapers = ({ db }: Deps, caller: Caller, caseId: string): Promise<ListedPaper[]> =>
  papersOf(db, readerOf(caller), caseId);

export interface PaperFile {
  paper: Paper;
  pdf: Uint8Array<ArrayBuffer>;
}

export async function readPaper(deps: Deps, caller: Caller, id: string): Promise<PaperFile> {
  const paper = await paperFor(deps.db, readerOf(caller), id);
  if (!paper) throw unknownPaper();
  const actor = actorOf(caller);
  if (caller.role !== "citizen") await recordReading(deps, caller, paper);
  const pdf = await bytesOf(deps, actor, paper);
  const { caseId, kind } = paper;
  deps.log.info({ actor, paper: id, case: caseId, kind }, "paper read");
  return { paper, pdf };
}

/** Whoever stands on a paper finds in the access log that somebody else has read it. */
async function recordReading(deps: Deps, caller: Caller, paper: Paper): Promise<void> {
  const found = await workById(deps.db, paper.department, paper.approvalId);
  if (!found) throw unknownPaper();
  const { zh, en } = paperName(paper.kind);
  const called = { zh: `${paper.name.zh}：${zh}`, en: `${paper.name.en}: ${en}` };
  const looker = { actor: actorOf(caller), atWindow: caller.role === "clerk" };
  await recordLook(deps, looker, paper.id, { type: "view_paper", of: found.state, paper, called });
}

async function bytesOf(deps: Deps, actor: string, paper: Paper): Promise<Uint8Array<ArrayBuffer>> {
  const { db, keyring, journal } = deps;
  const { id, caseId } = paper;
  const audit = { actor, purpose: `paper ${id}, case ${caseId}` };
  const stored = async (hash: string) => {
    const [file = {}] = await keyring.open([(await fileOf(db, hash)) ?? ""], audit);
    const pdf = Buffer.from(file.pdf ?? "", "base64");
    if (sha256(pdf) !== hash) throw new Error(`the file of paper ${id} is not what its hash says`);
    return pdf;
  };
  if (paper.sha256) return stored(paper.sha256);
  const [{ paper: content = "" } = {}] = await keyring.open([paper.sealedPaper], audit);
  const pdf = Buffer.from(await render(JSON.parse(content) as Content));
  const hash = sha256(pdf);
  const sealer = await keyring.sealer(`case/${caseId}`);
  // The bytes first: a hash that is told leads to them.
  await keepFile(db, hash, caseId, sealer.seal({ pdf: pdf.toString("base64") }));
  const { state } = await journal.submit(paperKind, id, { type: "render", id, sha256: hash }, { actor });
  return state.sha256 === hash ? pdf : stored(state.sha256);
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export interface CheckedOut {
  paper: ListedPaper;
  /** The grant that it tells was taken back since. */
  revoked: boolean;
}

export async function checkPaperCode({ db }: Deps, typed: string): Promise<CheckedOut> {
  const code = readCheckCode(typed);
  const found = code === undefined ? undefined : await paperByCode(db, code);
  if (!found)
    throw notFound(
      "paper.unknown_code",
      "没有查到这个查验码对应的文书。请核对查验码；如果仍查不到，这份文书不是本平台出具的",
      "No paper has this check code. Look at the code again; if it is right, the paper was not issued here",
    );
  const { state: paper, revoked } = found;
  return { paper, revoked: revoked && tellsGrant(paper.kind) };
}
