// The law of a licence, and of a registration, which lives the same life without a national identifier.
//
//   (none) --issue--> valid --cancel--> cancelled
//                       |                   |
//                       '------revoke-------'--> revoked: the grant it came of was taken back
//
// Expiry is no transition: it follows from `validUntil` and the civil date on which somebody asks.
import type { EvidenceType } from "@onething/contracts/catalog/v1/catalog";
import type { Department, Field, Pair } from "@onething/contracts/common/v1/common";
import type { LicenceCancelled, LicenceIssued, LicenceRevoked } from "@onething/contracts/licence/v1/events";
import { addMonths, civilDate } from "@onething/kernel/civil-date";
import { conflict, invalid } from "@onething/kernel/errors";
import { isUscc } from "@onething/kernel/identity";
import { formatIdentifier, lastVersion, parseIdentifier, recordId } from "./identifier.ts";

export type Status = "valid" | "cancelled" | "revoked";

export interface Words {
  zh: string;
  en: string;
}

export interface LicenceState {
  identifier: string;
  evidence: string;
  typeCode: string;
  typeName: Words;
  kind: string;
  holderId: string;
  toHolderId: string;
  issuer: { code: string; uscc: string; name: Words };
  issuedAt: string;
  validUntil: string;
  status: Status;
  version: number;
  /** Identifier of the one it is the new version of. */
  replaces: string;
  /** Names and labels of the fields, in the order of the type. */
  schema: { name: string; label: Words }[];
  sealedFields: string;
  caseId: string;
  item: string;
  cancelled: { at: string; reason: string; caseId: string; item: string } | null;
  revoked?: { at: string; ground: string; reasons: Words[]; by: string };
}

/** What the case that a licence comes out of adds to it. */
export interface Origin {
  caseId: string;
  item: string;
  pair: Pair;
  position: number;
  sealedForCase: string;
}

export interface Issue {
  type: "issue";
  of: EvidenceType;
  holderId: string;
  toHolderId: string;
  issuer: Department;
  /** Unused serial; a new version keeps the serial of the one it replaces. */
  serial: string;
  sealedFields: string;
  /** Day of issue, where it lies in the past (import). */
  issuedAt?: string;
  replaces?: Pick<LicenceState, "identifier" | "version">;
  origin?: Origin;
}

export interface Cancel {
  type: "cancel";
  reason: string;
  caseId?: string;
  item?: string;
}

export interface Revoke {
  type: "revoke";
  ground: string;
  reasons: Words[];
  by: string;
  revokedAt: string;
  shownInCases: string[];
}

export type LicenceCommand = Issue | Cancel | Revoke;
export type LicenceEvent =
  | { type: "licence.revoked"; data: LicenceRevoked }
  | { type: "licence.issued"; data: LicenceIssued }
  | { type: "licence.cancelled"; data: LicenceCancelled };
type Decision = { events: LicenceEvent[]; answer: { identifier: string } };

export function decide(state: LicenceState | null, command: LicenceCommand, now: Date): Decision {
  if (command.type === "issue") return issue(state, command, now);
  return command.type === "cancel" ? cancel(state, command) : revoke(state, command);
}

/** The root's id stands for the request, so that the same request twice is one licence. */
function issue(state: LicenceState | null, command: Issue, now: Date): Decision {
  if (state) return { events: [], answer: { identifier: state.identifier } };
  const { of, issuer, origin } = command;
  const at = command.issuedAt ? new Date(command.issuedAt) : now;
  const issuedAt = at.toISOString();
  if (at > now)
    throw invalid("licence.issued_in_future", "签发时间不能晚于现在", "The time of issue lies in the future");
  const { identifier, version } = numbering(command, civilDate(issuedAt));
  const data: LicenceIssued = {
    identifier,
    evidence: of.code,
    typeCode: of.kind === "licence" ? of.typeCode : "",
    typeName: words(of.name),
    kind: of.kind,
    holderId: command.holderId,
    toHolderId: command.toHolderId,
    issuer: { code: issuer.code, uscc: issuer.uscc, name: words(issuer.name) },
    issuedAt,
    validUntil: of.validMonths > 0 ? addMonths(civilDate(issuedAt), of.validMonths) : "",
    version,
    sealedFields: command.sealedFields,
    caseId: origin?.caseId ?? "",
    item: origin?.item ?? "",
    pair: origin?.pair,
    sealedForCase: origin?.sealedForCase ?? "",
    position: origin?.position ?? 0,
    schema: of.fields,
    replaces: command.replaces?.identifier ?? "",
  };
  return { events: [{ type: "licence.issued", data }], answer: { identifier } };
}

/** Identifier and version of what is issued: the next version of the one replaced, or the first of its own serial. */
function numbering(command: Issue, date: string): { identifier: string; version: number } {
  const { of, issuer, serial, replaces } = command;
  if (of.kind === "registration")
    return { identifier: recordId(of.code, date, serial), version: (replaces?.version ?? 0) + 1 };
  if (of.kind !== "licence")
    throw invalid(
      "licence.kind",
      `“${of.kind}”类材料不能签发`,
      `Evidence of kind "${of.kind}" is not issued`,
    );
  if (!/^[0-9A-Z]{21}$/.test(of.typeCode))
    throw invalid(
      "licence.type_code",
      `证照类型“${of.code}”没有 21 位类型代码`,
      `Licence type "${of.code}" has no type code of 21 characters`,
    );
  if (!isUscc(issuer.uscc))
    throw invalid(
      "licence.issuer",
      `签发机构“${issuer.code}”的统一社会信用代码不正确`,
      `Issuer "${issuer.code}" has no valid unified social credit code`,
    );
  const old = replaces && parseIdentifier(replaces.identifier);
  const parts = { typeCode: of.typeCode, issuer: issuer.uscc };
  const next =
    old && old.typeCode === of.typeCode && old.issuer === issuer.uscc && old.version < lastVersion
      ? { ...parts, serial: old.serial, version: old.version + 1 }
      : { ...parts, serial, version: 1 };
  return { identifier: formatIdentifier(next), version: next.version };
}

function cancel(state: LicenceState | null, command: Cancel): Decision {
  if (!state) throw notIssued();
  const { identifier } = state;
  if (state.status !== "valid") return { events: [], answer: { identifier } };
  const { reason, caseId = "", item = "" } = command;
  if (!reason.trim())
    throw invalid("licence.reason_missing", "注销证照必须写明原因", "Cancelling a licence needs a reason");
  const { evidence, holderId } = state;
  const data = { identifier, evidence, holderId, reason, caseId, item };
  return { events: [{ type: "licence.cancelled", data }], answer: { identifier } };
}

/** Also what has ended already: that it should never have been stays with it. */
function revoke(state: LicenceState | null, { type: _, ...why }: Revoke): Decision {
  if (!state) throw notIssued();
  const { identifier, evidence, holderId, caseId, item } = state;
  if (state.revoked) return { events: [], answer: { identifier } };
  const data = { identifier, evidence, holderId, caseId, item, ...why };
  return { events: [{ type: "licence.revoked", data }], answer: { identifier } };
}

const notIssued = () => conflict("licence.not_issued", "该证照尚未签发", "This licence has not been issued");

export function evolve(state: LicenceState | null, event: LicenceEvent & { at: string }): LicenceState {
  if (event.type === "licence.issued") return issued(event.data);
  if (!state) throw new Error(`${event.type} before licence.issued`);
  if (event.type === "licence.revoked") {
    const { ground, reasons, by, revokedAt = event.at } = event.data;
    return {
      ...state,
      status: "revoked",
      revoked: { at: revokedAt, ground, reasons: reasons.map(words), by },
    };
  }
  const { reason, caseId, item } = event.data;
  return { ...state, status: "cancelled", cancelled: { at: event.at, reason, caseId, item } };
}

function issued(data: LicenceIssued): LicenceState {
  return {
    identifier: data.identifier,
    evidence: data.evidence,
    typeCode: data.typeCode,
    typeName: words(data.typeName),
    kind: data.kind,
    holderId: data.holderId,
    toHolderId: data.toHolderId,
    issuer: {
      code: data.issuer?.code ?? "",
      uscc: data.issuer?.uscc ?? "",
      name: words(data.issuer?.name),
    },
    issuedAt: data.issuedAt ?? "",
    validUntil: data.validUntil,
    status: "valid",
    version: data.version,
    replaces: data.replaces,
    schema: data.schema.map(labelled),
    sealedFields: data.sealedFields,
    caseId: data.caseId,
    item: data.item,
    cancelled: null,
  };
}

const words = (text: Partial<Words> | undefined): Words => ({ zh: text?.zh ?? "", en: text?.en ?? "" });
const labelled = ({ name, label }: Field) => ({ name, label: words(label) });

/** Legal status on a civil day of the city's zone. */
export const statusOn = (state: LicenceState, day: string): Status | "expired" =>
  state.status === "valid" && state.validUntil && state.validUntil < day ? "expired" : state.status;
