// The mark of a grant that was taken back. It comes first and stays: whatever is heard of the grant later meets it.
import type { GrantRevoked } from "@onething/contracts/licence/v1/events";
import { idFrom } from "@onething/kernel/ids";

export interface Revocation extends Omit<GrantRevoked, "revokedAt"> {
  revokedAt: string;
}

export type RevokeGrant = { type: "revoke"; revocation: Revocation };
export type RevocationEvent = { type: "licence.grant_revoked"; data: GrantRevoked };

/** A grant is an item of a case: it is taken back once. */
export const revocationId = (caseId: string, item: string): string => idFrom("grant", caseId, item);

export const decide = (state: Revocation | null, { revocation }: RevokeGrant) => ({
  events: state ? [] : [{ type: "licence.grant_revoked" as const, data: revocation }],
});

export const evolve = (_: Revocation | null, { data, at }: RevocationEvent & { at: string }): Revocation => ({
  ...data,
  revokedAt: data.revokedAt ?? at,
});
