// A licence was revoked: whatever rests on it and is not decided yet is not proved any more.
import type { EventOf } from "@onething/events/names";
import { openOfCases } from "../store.ts";
import type { Deps } from "./deps.ts";

export async function takeRevoked(
  { db, journal, kind }: Deps,
  { identifier, reasons, caseId, shownInCases }: EventOf<"licence.revoked">["data"],
  by: { actor: string; key: string; trace?: string },
): Promise<void> {
  const ids = await openOfCases(db, [caseId, ...shownInCases]);
  const command = { type: "unproved", reference: identifier, reasons } as const;
  await Promise.all(ids.map((id) => journal.submit(kind, id, command, { ...by, key: `${by.key}:${id}` })));
}
