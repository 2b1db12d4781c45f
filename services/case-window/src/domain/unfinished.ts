// For verify: whether an open case waits for anything at all.
import { type CaseState, isBeingRecalled, isHeld } from "./case.ts";
import { receiptsFor } from "./receipts.ts";

/** A running case has an item that somebody has, or one that waits for something that will end. */
export function waitsForNothing(state: CaseState): string | undefined {
  if (state.status !== "running") return undefined;
  if (Object.values(state.items).some(isBeingRecalled)) return undefined;
  const open = Object.values(state.items).filter((item) => item.status !== "ended");
  if (open.length === 0) return "every item has ended, but the case is not closed";
  // It waits for the applicant, who sees it as held.
  if (isHeld(state)) return undefined;
  const stuck = open.find(
    (item) =>
      item.status === "waiting" &&
      item.waitedFor.every((code) => state.items[code]?.status === "ended") &&
      !receiptsFor(state.plan!, state.receipts, item.code).some((each) => each.state === "unavailable"),
  );
  return stuck ? `item ${stuck.code} waits for something that nothing will end` : undefined;
}
