// What may happen to an approval in which state, and where it leads. The law, the doors and the screens ask this one table.

export const statuses = [
  // Acceptance check (Licensing Law art. 32).
  "received",
  // The one-time notice is out: it is the applicant's turn.
  "supplementing",
  // Accepted, under review.
  "accepted",
  // A special procedure runs; its time is not counted (art. 45).
  "paused",
  // With the legality review.
  "legality",
  "granted",
  "delivered",
  "refused",
  "not_needed",
  "not_accepted",
  // Withdrawn by the applicant.
  "cancelled",
  // A grant that was taken back (art. 69).
  "revoked",
] as const;
export type Status = (typeof statuses)[number];

/** What people at a desk, or a department's system, may do. */
export const deskActions = [
  "claim",
  "release",
  "accept",
  "correct",
  "supplement",
  "decline",
  "pause",
  "resume",
  "extend",
  "refer",
  "give_legality",
  "grant",
  "refuse",
  "second_look",
  "deliver",
  "revoke",
  "attach",
] as const;
export type DeskAction = (typeof deskActions)[number];

/**
 * And what comes from elsewhere: the applicant's answer, its want and a withdrawal; a recall by the bundle's rule; the revocation
 * of a licence that it rests on; silence; a newly announced calendar; an issued product.
 */
export type Action =
  | DeskAction
  | "supplemented"
  | "cancel"
  | "recall"
  | "unproved"
  | "lapse"
  | "unanswered"
  | "silence"
  | "recount"
  | "issued";

/** "decline" leads to the status its ground names; "issued" to a delivery with the last product of an electronic result. */
export type Target = Status | "by_ground" | "with_the_last";

const inAnyHand = {
  claim: "stays",
  release: "stays",
  attach: "stays",
  unproved: "stays",
  recount: "stays",
  cancel: "cancelled",
} as const;
const decides = { grant: "granted", refuse: "refused" } as const;

export const next: Record<Status, Partial<Record<Action, Target | "stays">>> = {
  received: {
    ...inAnyHand,
    ...decides,
    accept: "accepted",
    correct: "accepted",
    supplement: "supplementing",
    decline: "by_ground",
    lapse: "accepted",
    silence: "granted",
  },
  supplementing: { ...inAnyHand, accept: "accepted", supplemented: "received", unanswered: "cancelled" },
  accepted: {
    ...inAnyHand,
    ...decides,
    pause: "paused",
    extend: "stays",
    refer: "legality",
    silence: "granted",
  },
  paused: { ...inAnyHand, resume: "accepted" },
  legality: { ...inAnyHand, give_legality: "accepted", silence: "granted" },
  // While the result is being made, files may join it; what is delivered is as it was.
  granted: {
    ...{ second_look: "stays", attach: "stays" },
    ...{ issued: "with_the_last", deliver: "delivered", revoke: "revoked", recall: "revoked" },
  },
  delivered: { second_look: "stays", revoke: "revoked", recall: "revoked" },
  refused: {},
  not_needed: {},
  not_accepted: {},
  cancelled: {},
  revoked: {},
};

/** Work that somebody still has to do something about. */
export const inHand = statuses.filter((status) => "cancel" in next[status]);
export const isInHand = (status: Status): boolean => inHand.includes(status);

/** Special procedures that stop the clock: the list of Licensing Law art. 45, and no other. */
export const procedures = [
  "hearing",
  "tender",
  "auction",
  "inspection",
  "testing",
  "quarantine",
  "appraisal",
  "expert_review",
] as const;
export type ProcedureName = (typeof procedures)[number];

export const grounds = ["not_needed", "not_this_authority"] as const;
export type Ground = (typeof grounds)[number];

/** Grounds for taking a grant back (Licensing Law arts. 8 and 69). */
export const revocations = ["by_authority", "fraud", "public_interest"] as const;
export type Revocation = (typeof revocations)[number];
/** And of a recall: another item of the bundle was refused, and its rule takes this grant along. */
export const siblingRefused = "sibling_refused";
