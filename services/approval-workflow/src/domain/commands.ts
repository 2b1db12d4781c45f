// What may be asked of an approval: by people at a desk, by a department's system, or by what happened elsewhere.
import type { Gap, GapAnswer, UnmetCondition } from "@onething/contracts/approval/v1/events";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Text } from "@onething/kernel/errors";
import type { LightName } from "@onething/kernel/supervision";
import type { Ready } from "./approval.ts";
import type { Attached } from "./attachment.ts";
import type { Starts } from "./clock.ts";
import type { Official } from "./obstacles.ts";
import type { Ground, ProcedureName, Revocation } from "./table.ts";

/** What the rules of an automatic item said of the data: granted with this result, or why an officer must look. */
export type Verdict = { sealedResult: string } | { unmet: UnmetCondition[] };

/** What somebody at a desk, or a department's system, does; `ifVersion`: to the work as it was then, and no other. */
export type Act = { by: Official; ifVersion?: number } & (
  | { type: "claim" | "release" | "accept" | "refer" }
  | { type: "correct"; fields: string[]; sealedForm: string }
  | { type: "supplement"; gaps: Gap[] }
  | { type: "decline"; ground: Ground; reasons: Text[]; rightBody?: Text }
  | { type: "pause"; procedure: ProcedureName; reason: Text; days: number }
  | { type: "resume"; result?: Text }
  | { type: "extend"; days: number; reason: Text; approvedBy: Text }
  | { type: "give_legality"; lawful: boolean; opinion: Text }
  | { type: "grant"; sealedResult: string; opinion: string }
  | { type: "refuse"; reasons: Text[] }
  | { type: "second_look"; upheld: boolean; opinion: Text }
  | { type: "deliver"; how: string }
  | { type: "revoke"; ground: Revocation; reasons: Text[] }
  | { type: "attach"; file: Omit<Attached, "by" | "at"> }
);

export type Command =
  | { type: "open"; ready: Ready; starts: Starts; verdict?: Verdict; silentResult?: string }
  | Act
  /** The applicant has answered the notice. */
  | { type: "supplemented"; sealedForm: string; receipts: Receipt[]; answers: GapAnswer[] }
  | { type: "cancel" }
  /** Something else of the bundle was refused, and the bundle's rule takes this grant back. */
  | { type: "recall"; reason: Text }
  /** A licence was revoked that it may rest on. */
  | { type: "unproved"; reference: string; reasons: Text[] }
  /** No notice came in time; no answer to it did; no decision did, and silence grants; the city's rules have changed. */
  | { type: "lapse" | "unanswered" | "silence" | "recount" }
  /** The registry has issued a product of the grant. */
  | { type: "issued"; identifier: string; evidence: string }
  /** A supervision light has turned. */
  | { type: "warn"; light: LightName };

export type Open = Extract<Command, { type: "open" }>;
