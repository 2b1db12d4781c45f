// Whether somebody may do something with an approval now; if not, why, in words. Doors refuse by it and screens show by it.
import { civilDate } from "@onething/kernel/civil-date";
import { conflict, forbidden, type OnethingError } from "@onething/kernel/errors";
import type { Approval } from "./approval.ts";
import { type DeskAction, deskActions, isInHand, next } from "./table.ts";
import { account, alreadyDecided, movedOn, notNow, revokedSince } from "./words.ts";

/** Who stands at the desk. `system`: a department's own system, which acts without claiming first. */
export interface Official {
  actor: string;
  department: string;
  system: boolean;
  /** The person behind the account, where the token says so. */
  personId?: string;
  duties: readonly Duty[];
  /** Authority of the head that was delegated to this account, as it stands today. */
  delegations: readonly Delegated[];
}

export type Duty = "head" | "chief" | "legality" | "supervisor";

/** What a delegation covers: no items means all of the department's. */
export interface Delegated {
  id: string;
  items: readonly string[];
  powers: readonly string[];
}

/**
 * The person who acts: of `officer:li`, and of `department:x/li` whom a department's own system names, it is li, in whatever case it is
 * written. Empty: a
 * system that names nobody, or a rule.
 */
export const personIn = (actor: string): string =>
  /^(?:officer:|department:[^/]+\/)(?<name>.+)$/.exec(actor)?.groups?.name?.toLowerCase() ?? "";

/** Who does one part and who does the other are two people only where both are named. */
const isSame = (one: string, other: string): boolean => personIn(one) === personIn(other);

/** Where the law asks for two people, a department's system says for whom it acts. */
const namesNobody = (by: Official): OnethingError | undefined =>
  personIn(by.actor)
    ? undefined
    : forbidden(
        "approval.officer_missing",
        "这个事项须由不同的人分别办理：请说明是哪一位经办人员（onething-officer）",
        "This item is for different people: say which officer acts (onething-officer)",
      );

/** A chief affairs representative has no authority but what the head has delegated. */
const isChief = ({ duties }: Official): boolean => duties.includes("chief") && !duties.includes("head");

/** The delegation under which somebody decides; the head, and an officer of an item that is not the head's, need none. */
export const delegationFor = ({ item }: Actable, by: Official): string =>
  isChief(by) ? (by.delegations.find((each) => covers(each, item.code, "decide"))?.id ?? "") : "";

const covers = ({ items, powers }: Delegated, item: string, power: string): boolean =>
  powers.includes(power) && (items.length === 0 || items.includes(item));

/** What the rules look at; a list of work holds all of it. */
export type Actable = Pick<
  Approval,
  | ("department" | "subjects" | "status" | "claimedBy" | "acceptedBy" | "item" | "legality" | "acceptBy")
  | ("extension" | "legalDueOn" | "decidedAt" | "decidedBy" | "secondLook" | "lost")
>;

export const actionsFor = (state: Actable, by: Official, now: Date): DeskAction[] =>
  deskActions.filter((action) => !obstacle(state, action, by, now));

/** Have their place behind a decision: who is too early or too late is told the state, not who decided. */
const afterwards: readonly DeskAction[] = ["deliver", "revoke", "second_look", "attach"];

export function obstacle(
  state: Actable,
  action: DeskAction,
  by: Official,
  now: Date,
): OnethingError | undefined {
  if (by.department !== state.department)
    return forbidden(
      "approval.other_department",
      "这件事项由其他部门办理",
      "This item belongs to another department",
    );
  const party = ownCase(state, by);
  if (party) return party;
  if (!next[state.status][action]) {
    return isInHand(state.status) || afterwards.includes(action)
      ? notNow(state.status, action)
      : alreadyDecided(state);
  }
  // A survey or a test comes from colleagues, whoever of the department has the work in hand.
  if (isInHand(state.status) && action !== "attach") {
    const taken = takenByOther(state, action, by);
    if (taken) return taken;
  }
  return own[action]?.(state, by, now);
}

/** Nobody handles, or reads at the desk, what is their own. */
export const ownCase = (
  { subjects }: Pick<Actable, "subjects">,
  { personId }: Official,
): OnethingError | undefined =>
  personId && subjects.some((each) => each.personId === personId)
    ? forbidden(
        "approval.own_case",
        "您是这个办件的当事人，须由其他人员办理",
        "You are a party to this case; somebody else must handle it",
      )
    : undefined;

/** An act that says which version it was decided on is refused once the work has another. */
export function mustStandAt(
  state: Pick<Approval, "status"> | null,
  { ifVersion = 0 }: { ifVersion?: number },
  version: number,
): void {
  if (state && ifVersion !== 0 && ifVersion !== version) throw movedOn(state.status, ifVersion, version);
}

function takenByOther({ claimedBy }: Actable, action: DeskAction, by: Official): OnethingError | undefined {
  // The department itself may take back what an officer has left lying.
  if (!claimedBy || claimedBy === by.actor || (action === "release" && by.system)) return undefined;
  return conflict(
    "approval.claimed_by_other",
    `账号 ${account(claimedBy)} 已认领这件事项`,
    `Account ${account(claimedBy)} has claimed this item`,
  );
}

type Obstacle = (state: Actable, by: Official, now: Date) => OnethingError | undefined;

/** A department's own system vouches for who decides inside it. */
const lacksAuthority = (state: Actable, by: Official): boolean => {
  if (by.system) return false;
  if (isChief(by)) return delegationFor(state, by) === "";
  return state.item.authority === "head" && !by.duties.includes("head");
};

/** The first review (初审) is a chief's only where it was delegated. */
const reviewing: Obstacle = ({ item }, by) => (item.twoOfficers && namesNobody(by)) || notDelegated(item, by);

const notDelegated = (item: Actable["item"], by: Official): OnethingError | undefined =>
  isChief(by) && !by.delegations.some((each) => covers(each, item.code, "accept"))
    ? forbidden(
        "approval.no_authority",
        "部门没有把这个事项的初审授权给您",
        "The first review of this item has not been delegated to you",
      )
    : undefined;

const deciding: Obstacle = (state, by) => {
  const { item, legality, status, acceptedBy } = state;
  if (lacksAuthority(state, by))
    return forbidden(
      "approval.no_authority",
      "这个事项由部门负责人或其授权的首席事务代表决定",
      "This item is decided by the head of the department, or by whom the head has delegated it to",
    );
  const unnamed = item.twoOfficers && namesNobody(by);
  if (unnamed) return unnamed;
  if (item.twoOfficers && (status === "received" || isSame(acceptedBy, by.actor)))
    return conflict(
      "approval.two_officers",
      "这个事项须由两人办理：受理的人不能单独作出决定",
      "This item needs two officers: whoever accepts it does not decide it alone",
    );
  if (item.legality && !legality?.givenBy)
    return conflict(
      "approval.legality_missing",
      "这个事项须先经法制审核",
      "The legality review must give its opinion first",
    );
  return undefined;
};

/** Of a refusal it is a reason. */
function unproved({ lost }: Actable): OnethingError | undefined {
  const first = lost?.[0];
  if (!first) return undefined;
  const { zh, en } = revokedSince(first.reference, first.reasons);
  return conflict("approval.unproved", `不能准予：${zh}`, `It cannot be granted. ${en}`);
}

/** What an action asks beyond its place in the table. */
const own: Partial<Record<DeskAction, Obstacle>> = {
  release: ({ claimedBy }) =>
    claimedBy
      ? undefined
      : conflict("approval.not_claimed", "这件事项没有被认领，无需退回", "Nobody has claimed this item"),
  accept: reviewing,
  correct: reviewing,
  decline: reviewing,
  supplement: (state, by, now) =>
    civilDate(now) <= state.acceptBy
      ? reviewing(state, by, now)
      : conflict(
          "approval.notice_late",
          "已超过五个工作日未告知补正，视为已受理（行政许可法第三十二条）",
          "Five working days have passed without a notice: the application counts as accepted (Licensing Law art. 32)",
        ),
  pause: ({ item }) =>
    item.procedures.length > 0
      ? undefined
      : conflict(
          "approval.no_procedure",
          "这个事项没有特别程序，不能停止计时（行政许可法第四十五条）",
          "This item has no special procedure; its clock does not stop (Licensing Law art. 45)",
        ),
  extend: ({ extension, legalDueOn }, _, now) => {
    if (extension)
      return conflict(
        "approval.extended_once",
        "办理期限只能延长一次（行政许可法第四十二条）",
        "The limit is prolonged once only (Licensing Law art. 42)",
      );
    if (civilDate(now) > legalDueOn)
      return conflict(
        "approval.extend_late",
        "法定期限已过，不能再延长",
        "The legal limit has passed; it can no longer be prolonged",
      );
    return undefined;
  },
  refer: ({ item, legality }, by) => {
    // What it found unlawful may have been mended: it is asked again.
    if (item.legality && !legality?.lawful) return namesNobody(by);
    return conflict(
      "approval.no_legality",
      legality ? "法制审核意见已经出具" : "这个事项不需要法制审核",
      legality ? "The legality review has given its opinion" : "This item needs no legality review",
    );
  },
  give_legality: ({ legality }, by) => {
    if (!by.system && !by.duties.includes("legality"))
      return forbidden(
        "approval.no_duty",
        "法制审核由法制审核人员进行",
        "The legality review is for those with that duty",
      );
    const unnamed = namesNobody(by);
    if (unnamed) return unnamed;
    return isSame(legality?.askedBy ?? "", by.actor)
      ? conflict(
          "approval.same_officer",
          "法制审核须由承办人以外的人员进行",
          "The legality review is somebody else's than who handles the item",
        )
      : undefined;
  },
  grant: (state, by, now) => {
    const missing = deciding(state, by, now) ?? unproved(state);
    if (missing || !state.legality || state.legality.lawful) return missing;
    return conflict(
      "approval.legality_against",
      "法制审核意见为不合法，不能准予",
      "The legality review has found it unlawful; it cannot be granted",
    );
  },
  refuse: deciding,
  second_look: ({ secondLook }) =>
    secondLook === "drawn"
      ? undefined
      : conflict(
          "approval.no_second_look",
          secondLook ? "这个自动决定已经复核" : "这个决定没有被抽取复核",
          secondLook
            ? "This automatic decision has been looked at again"
            : "This decision was not drawn for a second look",
        ),
};
