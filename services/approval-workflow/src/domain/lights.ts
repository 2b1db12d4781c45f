// Supervision lights (效能监察): when work grows late, somebody is told, and the later it grows the higher up. They are the
// office's own control; the law's clock is clock.ts.
import type { Approval } from "./approval.ts";
import { endOf } from "./clock.ts";
import { isInHand } from "./table.ts";

/** What is told about. The last two are told on the day before silence speaks (Licensing Law arts. 32 and 50). */
export const lights = ["yellow", "red", "overdue", "acceptance", "silence"] as const;
export type LightName = (typeof lights)[number];

/** Who is told: the officer's list, the chief affairs representative (首席事务代表), the supervisor. */
export const tellees = ["officer", "chief", "supervisor"] as const;
export type Tellee = (typeof tellees)[number];

/** Of the promised time: past which share yellow and red begin; and who is told of what. */
export interface LightRules {
  yellow: number;
  red: number;
  tell: Record<LightName, Tellee>;
}

/** As Enshi introduced it in 2020: half of the promised time, nine tenths, and all of it. */
export const usualRules: LightRules = {
  yellow: 0.5,
  red: 0.9,
  tell: {
    yellow: "officer",
    red: "chief",
    overdue: "supervisor",
    acceptance: "officer",
    silence: "supervisor",
  },
};

type Lit = Pick<
  Approval,
  | ("status" | "stopped" | "warned" | "acceptBy" | "legalDueOn" | "item" | "silentResult")
  | ("yellowAt" | "redAt" | "overdueAt")
>;

const dayBefore = (end: string): string => new Date(Date.parse(end) - 86_400_000).toISOString();

/** What will be told next, and when; nothing while the clock stands still. */
export function nextLight(of: Lit): { light: LightName; at: string } | undefined {
  if (!isInHand(of.status) || of.stopped) return undefined;
  const { warned, acceptBy, legalDueOn, item, silentResult } = of;
  if (of.status === "received")
    return acceptBy && warned !== "acceptance"
      ? { light: "acceptance", at: dayBefore(endOf(acceptBy)) }
      : undefined;
  const silent = item.silence && silentResult ? dayBefore(endOf(legalDueOn)) : "";
  const turns: { light: LightName; at: string }[] = [
    { light: "yellow", at: of.yellowAt },
    { light: "red", at: of.redAt },
    { light: "overdue", at: of.overdueAt },
    { light: "silence", at: silent },
  ];
  const order = turns.filter(({ at }) => at).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  // Each is told once: after a pause or an extension a light that was told is not told again, only a later one.
  const told = order.findIndex(({ light }) => light === warned);
  return order[told + 1];
}
