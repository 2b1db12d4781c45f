// A grant was taken back: all that it has issued is revoked, whatever it comes to later, and its holders are told.
import type { Text } from "@onething/contracts/common/v1/common";
import type { PublishedEvent } from "@onething/events/consumer";
import { type Revocation, revocationId } from "../domain/revocation.ts";
import { holderKind, licenceKind, revocationKind } from "../kinds.ts";
import type { Registry } from "../registry.ts";
import { casesShown, endedBy, issuedFor, type LicenceRow, readable } from "../store.ts";

type Revoked = PublishedEvent<"approval.revoked">;

export async function revokeGrant(registry: Registry, actor: string, event: Revoked): Promise<void> {
  const { caseId, item, ground, reasons, by } = event.data;
  const ended = await endedBy(registry.db, caseId, item);
  const stayEnded = ended.map(({ state }) => state.identifier);
  const revocation = { caseId, item, ground, reasons, by, revokedAt: event.at, stayEnded };
  // The mark before the look at what is issued: whoever issues at this moment finds the mark after it, or is found here.
  await registry.journal.submit(
    revocationKind,
    revocationId(caseId, item),
    { type: "revoke", revocation },
    { actor, key: `${event.id}:revocation`, body: event.id, trace: event.trace },
  );
  await takeBack(registry, actor, revocation, event.trace);
}

/** Revokes what the grant has issued. May be repeated, also at the same moment. */
export async function takeBack(
  registry: Registry,
  actor: string,
  revocation: Revocation,
  trace: string,
): Promise<void> {
  const rows = await issuedFor(registry.db, revocation.caseId, revocation.item);
  await Promise.all(rows.map((row) => revokeOne(registry, actor, revocation, row, trace)));
}

async function revokeOne(
  { db, journal }: Registry,
  actor: string,
  { caseId, item, ground, reasons, by, revokedAt }: Revocation,
  { id, state }: LicenceRow,
  trace: string,
): Promise<void> {
  const { identifier, evidence, holderId, replaces } = state;
  const once = (what: string, subject: string) => ({
    ...{ actor, trace, body: subject },
    key: `${revocationId(caseId, item)}:${what}:${subject}`,
  });
  // A grant that was broken off in the middle has not said yet that the old version is over.
  const old = replaces ? await readable(db, replaces, "anyone") : undefined;
  if (old?.state.status === "valid") {
    const reason = "已被新证取代 / replaced by a new version";
    await journal.submit(
      licenceKind,
      old.id,
      { type: "cancel", reason, caseId, item },
      once("cancel", old.id),
    );
  }
  const shownInCases = await casesShown(db, state);
  const why = { ground, reasons: reasons.map(words), by, revokedAt, shownInCases };
  await journal.submit(licenceKind, id, { type: "revoke", ...why }, once("revoke", id));
  await journal.submit(
    holderKind,
    holderId,
    {
      ...{ type: "access", personId: holderId, by, caseId, lookedAt: revokedAt },
      ...{ purpose: purposeOf(state), evidence: [evidence], identifiers: [identifier] },
    },
    once("told", id),
  );
}

const purposeOf = ({ typeName }: LicenceRow["state"]): string =>
  `准予决定被撤销，“${typeName.zh}”随之撤销 / The decision was revoked, and ${typeName.en} with it`;

const words = ({ zh, en }: Text) => ({ zh, en });
