// Plans, receipts and cases for the tests of the domain, with made-up items and people.
import { Plan, type PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Pair, Subject } from "@onething/contracts/common/v1/common";
import { Receipt } from "@onething/contracts/verification/v1/verification";
import { CaseDrafted, CaseSubmitted } from "@onething/contracts/window/v1/events";
import { OnethingError } from "@onething/kernel/errors";
import { type CaseEvent, type CaseState, evolve } from "./case.ts";
import { type CaseCommand, decide } from "./decide.ts";

export const noon = new Date("2026-11-24T04:00:00.000Z");
export const words = (text: string) => ({ zh: `${text}（中）`, en: text });

type Part<T> = T extends (infer U)[] ? Part<U>[] : T extends object ? { [K in keyof T]?: Part<T[K]> } : T;

export const subject = (role: string, position = 0): Subject => ({
  role,
  personId: `${role}-${position}`,
  position,
});
export const pair = (evidence: string, role = "owner", to = ""): Pair => ({ evidence, role, to });

/** An item that produces `paper-<code>` of the owner unless told otherwise. */
export const item = (code: string, rest: Part<PlannedItem> = {}): Part<PlannedItem> => ({
  code,
  name: words(`item ${code}`),
  department: { code: `dept-${code}`, name: words(`department of ${code}`) },
  handling: "department",
  produces: [{ pair: pair(`paper-${code}`), kind: "licence" }],
  promised: { n: 5, unit: "workingDay" },
  ...rest,
});

export const plan = (items: Part<PlannedItem>[], rest: Part<Plan> = {}): Plan =>
  Plan.fromPartial({
    bundle: "moving",
    version: 1,
    name: words("moving"),
    refusalPolicy: "carry_on",
    items,
    evidence: items.map(({ code }) => ({ code: `paper-${code}`, name: words(`paper of ${code}`) })),
    ...rest,
  } as Parameters<typeof Plan.fromPartial>[0]);

export const receipt = (code: string, rest: Part<Receipt> = {}): Receipt =>
  Receipt.fromPartial({
    item: code,
    requirement: `proof-${code}`,
    pair: pair("card"),
    personId: "owner-0",
    rule: "licence",
    state: "proved",
    why: words("held"),
    ...rest,
  } as Parameters<typeof Receipt.fromPartial>[0]);

/** A hard edge: `code` needs what `from` produces. */
export const waiting = (code: string, from: string, rest: Part<Receipt> = {}): Receipt =>
  receipt(code, {
    requirement: `paper-${from}`,
    pair: pair(`paper-${from}`),
    rule: "sibling",
    state: "waiting",
    waitsFor: [from],
    ...rest,
  });

/** A case that is played command by command. */
export class Play {
  state: CaseState | null = null;
  readonly events: (CaseEvent & { at: string; actor: string })[] = [];
  answer: unknown;

  /** Answers with the events of this command. */
  do(command: CaseCommand, now = noon): CaseEvent[] {
    const decision = decide(this.state, command, now);
    for (const event of decision.events) {
      const happened = { ...event, at: now.toISOString(), actor: "test" };
      this.state = evolve(this.state, happened);
      this.events.push(happened);
    }
    this.answer = decision.answer;
    return decision.events;
  }

  /** The reason of the refusal. */
  refusal(command: CaseCommand): { reason: string; code: string; error: OnethingError } {
    try {
      decide(this.state, command, noon);
    } catch (error) {
      if (error instanceof OnethingError) return { reason: error.reason, code: error.code, error };
      throw error;
    }
    throw new Error(`${command.type} was not refused`);
  }

  outcomes(): Record<string, string | undefined> {
    return Object.fromEntries(
      Object.values(this.state!.items).map((each) => [each.code, each.outcome ?? each.status]),
    );
  }

  open(): this {
    const drafted = { id: "case-1", bundle: "moving", bundleVersion: 1, applicantId: "owner-0" };
    this.do({
      type: "open",
      drafted: CaseDrafted.fromPartial({ ...drafted, channel: "citizen", subjects: [subject("owner")] }),
    });
    return this;
  }

  answered(planned: Plan, subjects = [subject("owner")]): this {
    this.do({ type: "answer", plan: planned, subjects });
    return this;
  }

  submit(receipts: Receipt[] = [], rest: Parameters<typeof CaseSubmitted.fromPartial>[0] = {}): this {
    this.do(submission(this.state!, receipts, rest));
    return this;
  }

  /** Granted and, product by product, issued. */
  grant(code: string): this {
    this.do({ type: "granted", item: code, automatic: false });
    this.issue(code);
    return this;
  }

  issue(code: string, position = 0, of = pair(`paper-${code}`)): CaseEvent[] {
    return this.do(issued(code, position, of));
  }

  refuse(code: string): this {
    this.do({
      type: "refused",
      item: code,
      reasons: [words("not complete")],
      remedies: [words("bring more")],
    });
    return this;
  }
}

export const issued = (code: string, position = 0, of = pair(`paper-${code}`)): CaseCommand => ({
  ...{ type: "issued", item: code, pair: of, position, kind: "licence" },
  identifier: [of.evidence, of.role, of.to, position].join("/"),
  holderId: `${of.role}-${position}`,
  shares: [{ item: "B", requirement: of.evidence, sealedFields: `sealed-${code}-for-B` }],
});

export const submission = (
  state: CaseState,
  receipts: Receipt[] = [],
  rest: Parameters<typeof CaseSubmitted.fromPartial>[0] = {},
): CaseCommand => ({
  type: "submit",
  plan: state.plan,
  submitted: CaseSubmitted.fromPartial({ number: "N-1", subjects: state.subjects, receipts, ...rest }),
});

/** A submitted case of these items. */
export const submitted = (
  planned: Plan,
  receipts: Receipt[] = [],
  rest: Parameters<typeof CaseSubmitted.fromPartial>[0] = {},
  subjects = [subject("owner")],
): Play => new Play().open().answered(planned, subjects).submit(receipts, rest);
