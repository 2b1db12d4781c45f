// Supervision lights (效能监察): when work grows late, somebody is told, and the later it grows the higher up. They are the
// office's own control; the law's clock is clock.ts. When they turn and who is told are rules of the city.
import type { LightName } from "@onething/kernel/supervision";
import type { Approval } from "./approval.ts";
import { endOf } from "./clock.ts";
import { isInHand } from "./table.ts";

type Lit = Pick<
  Approval,
  "status" | "stopped" | "told" | "yellowAt" | "redAt" | "overdueAt" | "silenceAt" | "procedures"
>;

/**
 * What will be told next, and when; while the clock stands still, only that it stands longer than it was to. Each is told once: after a pause, an extension or a
 * change of the city's rules a light that was told is not told again.
 */
export function nextLight(of: Lit): { light: LightName; at: string } | undefined {
  if (!isInHand(of.status)) return undefined;
  const turns = turnsOf(of);
  const open = turns.filter(({ light, at }) => at && !of.told.some((each) => each.light === light));
  return open.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))[0];
}

function turnsOf(of: Lit): { light: LightName; at: string }[] {
  const runs = of.status === "paused" ? of.procedures.at(-1)?.untilOn : undefined;
  if (runs) return [{ light: "procedure", at: endOf(runs) }];
  if (of.stopped) return [];
  if (of.status === "received") return [{ light: "acceptance", at: of.silenceAt }];
  return [
    { light: "yellow", at: of.yellowAt },
    { light: "red", at: of.redAt },
    { light: "overdue", at: of.overdueAt },
    { light: "silence", at: of.silenceAt },
  ];
}
