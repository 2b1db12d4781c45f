// The law of this service and what it makes of others' events, for whoever plays it without doors: the simulation.
export { Arrivals } from "./arrivals.ts";
export type { Approval } from "./domain/approval.ts";
export { ledgerOf } from "./domain/clock.ts";
export type { Act } from "./domain/commands.ts";
export { actionsFor } from "./domain/obstacles.ts";
export { nationalRules } from "./domain/stroke.ts";
export { isInHand } from "./domain/table.ts";
export { caseConsumer, licenceConsumer } from "./events.ts";
export { approvalKind } from "./kind.ts";
