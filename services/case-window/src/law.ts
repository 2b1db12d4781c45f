// The law of this service and what it makes of others' events, for whoever plays it without doors: the simulation.
export type { CaseState } from "./domain/case.ts";
export { caseKind } from "./domain/decide.ts";
export { ledgerOf } from "./domain/ledger.ts";
export { createConsumer } from "./events.ts";
