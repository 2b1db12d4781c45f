// How a city watches its departments' work (效能监察): when it counts as late, who is told, and how much of what rules decide is
// looked at again. Data of the city; what it leaves out is as usual.
import { usualThresholds } from "./ledger.ts";

/**
 * What is told about: a special procedure that takes longer than the applicant was told (art. 45); the last two some days before
 * silence speaks (Licensing Law arts. 32 and 50).
 */
export const lights = ["yellow", "red", "overdue", "procedure", "acceptance", "silence"] as const;
export type LightName = (typeof lights)[number];

/** Who is told: the officer's list, the chief affairs representative (首席事务代表), the supervisor. */
export const tellees = ["officer", "chief", "supervisor"] as const;
export type Tellee = (typeof tellees)[number];

/** How one item of one department is watched. */
export interface Watch {
  /** Security and secrecy, say, may be left out: no light turns, nobody is told. */
  supervised: boolean;
  /** Shares of the promised time, past which the lights turn; 0 < yellow < red <= 1. */
  yellow: number;
  red: number;
  tell: Record<LightName, Tellee>;
  /** Working days before its last day at which silence that is about to accept or to grant is told. */
  warnDays: number;
  /** Share of automatic decisions that an officer looks at again, drawn at random. */
  secondLook: number;
}

/** For items, or for departments, by their codes: what differs there from the rest of the city. */
export type Narrower = Partial<Omit<Watch, "tell">> & {
  items?: readonly string[] | undefined;
  departments?: readonly string[] | undefined;
  tell?: Partial<Watch["tell"]> | undefined;
};

export interface Supervision extends Watch {
  rules: readonly Narrower[];
}

/** As Enshi introduced it in 2020: half of the promised time, nine tenths, and all of it. */
export const usualSupervision: Supervision = {
  supervised: true,
  ...usualThresholds,
  tell: {
    yellow: "officer",
    red: "chief",
    overdue: "supervisor",
    procedure: "chief",
    acceptance: "officer",
    silence: "supervisor",
  },
  warnDays: 1,
  secondLook: 0.05,
  rules: [],
};

/** The narrower rule counts: an item's before its department's, its department's before the city's. */
export function watchOf(
  { rules, ...city }: Supervision,
  { item, department }: { item: string; department: string },
): Watch {
  const ofDepartment = rules.find((rule) => rule.departments?.includes(department));
  const ofItem = rules.find((rule) => rule.items?.includes(item));
  return [ofDepartment, ofItem].reduce<Watch>(narrowed, city);
}

/** What a rule does not name stays as it was. */
export function narrowed(watch: Watch, rule: Narrower = {}): Watch {
  const { items: _, departments: __, tell, ...given } = rule;
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...watch, ...Object.fromEntries(said), tell: { ...watch.tell, ...tell } };
}
