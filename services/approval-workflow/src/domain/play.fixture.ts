// Approvals of a made-up item, played command by command at a clock of the test's own.
import type { GapAnswer } from "@onething/contracts/approval/v1/events";
import { PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import { OnethingError } from "@onething/kernel/errors";
import type { Approval, ApprovalEvent, Ready } from "./approval.ts";
import type { Act, Command } from "./commands.ts";
import { decide } from "./decide.ts";
import { evolve } from "./evolve.ts";
import type { Official } from "./obstacles.ts";
import { nationalRules, type Rules } from "./stroke.ts";

export const words = (text: string) => ({ zh: `${text}（中）`, en: text });

/** A Friday, ten in the morning in the city; the Sunday after it is worked, and the week after that has a holiday. */
export const friday = new Date("2026-09-18T02:00:00.000Z");

export const item = PlannedItem.fromPartial({
  code: "X1",
  handling: "department",
  acceptance: "department",
  department: { code: "police" },
  promised: { n: 5, unit: "workingDay", from: "accepted" },
  legal: { n: 20, unit: "workingDay", from: "accepted" },
  conditions: [{ id: "c1", rule: "true" }],
  formFields: ["name", "address"],
  requirements: ["marriage", "lease"],
  procedures: ["hearing", "inspection"],
  produces: [{ pair: { evidence: "permit", role: "owner" }, kind: "licence" }],
});

export const readyOf = (more: Partial<PlannedItem> = {}): Ready => ({
  caseId: "case-1",
  caseNumber: "N1",
  bundle: "b",
  division: "430999",
  item: PlannedItem.fromPartial({ ...item, ...more }),
  subjects: [{ role: "owner", personId: "p1", position: 0 }],
  answers: {},
  sealedForm: "s1.k.form",
  formSchema: [],
  receipts: [],
  evidence: [],
  sealedApplicant: "s1.k.applicant",
  readers: ["p1"],
  submittedAt: "2026-09-17T02:00:00.000Z",
});

const plain = { duties: [], delegations: [] };

export const li: Official = { actor: "officer:li", department: "police", system: false, ...plain };
export const wang: Official = { ...li, actor: "officer:wang", duties: ["legality"] };
export const system: Official = { actor: "department:police", department: "police", system: true, ...plain };
export const stranger: Official = { actor: "officer:li", department: "tax", system: false, ...plain };
/** An officer who is a party to the case. */
export const owner: Official = { ...wang, actor: "officer:owner", personId: "p1" };

export const gap = (about: { field?: string; requirement?: string } = {}, what = "missing") => ({
  ...{ id: "", field: "", requirement: "", ...about },
  ...{ what: words(what), remedy: words("bring it") },
});

export const fileOf = (n: number) => ({
  ...{ id: `file-${n}`, name: `survey-${n}.pdf`, mediaType: "application/pdf", bytes: 1000 },
  ...{ sha256: "0".repeat(64), purpose: "the survey", forApplicant: false },
});

/** The acts of the desk, each with all it needs to be right. */
export const acts = {
  claim: (by = li): Act => ({ type: "claim", by }),
  release: (by = li): Act => ({ type: "release", by }),
  accept: (by = li): Act => ({ type: "accept", by }),
  correct: (by = li): Act => ({ type: "correct", by, fields: ["name"], sealedForm: "s1.k.corrected" }),
  supplement: (by = li, ...gaps: ReturnType<typeof gap>[]): Act => ({
    ...{ type: "supplement", by },
    gaps: gaps.length > 0 ? gaps : [gap({ field: "name" }), gap({ requirement: "lease" })],
  }),
  decline: (by = li): Act => ({ type: "decline", by, ground: "not_needed", reasons: [words("no need")] }),
  pause: (by = li, days = 5): Act => ({
    type: "pause",
    by,
    procedure: "hearing",
    reason: words("asked"),
    days,
  }),
  resume: (by = li): Act => ({ type: "resume", by, result: words("heard") }),
  extend: (by = li, days = 10): Act => ({
    ...{ type: "extend", by, days, reason: words("complicated"), approvedBy: words("the head") },
  }),
  refer: (by = li): Act => ({ type: "refer", by }),
  give_legality: (by = wang, lawful = true): Act => ({
    ...{ type: "give_legality", by, lawful, opinion: words("lawful or not") },
  }),
  grant: (by = li): Act => ({ type: "grant", by, sealedResult: "s1.k.result", opinion: "" }),
  refuse: (by = li): Act => ({ type: "refuse", by, reasons: [words("does not match")] }),
  second_look: (by = li, upheld = true): Act => ({
    ...{ type: "second_look", by, upheld, opinion: words("looked at again") },
  }),
  deliver: (by = li): Act => ({ type: "deliver", by, how: "window" }),
  revoke: (by = li): Act => ({ type: "revoke", by, ground: "fraud", reasons: [words("forged")] }),
  attach: (by = li, n = 1): Act => ({ type: "attach", by, file: fileOf(n) }),
} satisfies Record<Act["type"], (by?: Official) => Act>;

export const answered = (...answers: [gap: string, way: string][]): Command => ({
  ...{ type: "supplemented", sealedForm: "s1.k.form2", receipts: [] },
  answers: answers.map(([about, way]): GapAnswer => ({ gap: about, way, sealedWords: "" })),
});

type DataOf = { [E in ApprovalEvent as E["type"]]: E["data"] };

export class Play {
  state: Approval;
  readonly events: (ApprovalEvent & { at: string })[] = [];
  now: Date;
  rules: Rules = nationalRules;

  constructor(
    more: Partial<PlannedItem> = {},
    open: Partial<Extract<Command, { type: "open" }>> = {},
    now = friday,
  ) {
    this.now = now;
    this.state = undefined as never;
    this.do({ type: "open", ready: readyOf(more), starts: {}, ...open });
  }

  do(...commands: Command[]): this {
    for (const command of commands)
      for (const event of decide(this.state ?? null, command, this.now, this.rules).events) {
        const happened = { ...event, at: this.now.toISOString() };
        this.state = evolve(this.state ?? null, happened);
        this.events.push(happened);
      }
    return this;
  }

  /** Ten in the morning of a date of the city. */
  on(date: string): this {
    this.now = new Date(`${date}T02:00:00.000Z`);
    return this;
  }

  /** What a command would do: events joined by `+`, or the refusal's code and reason. */
  outcome(command: Command): string {
    try {
      const { events } = decide(this.state, command, this.now, this.rules);
      return events.map(({ type }) => type.replace("approval.", "")).join("+");
    } catch (error) {
      if (error instanceof OnethingError) return `${error.code} ${error.reason}`;
      throw error;
    }
  }

  get types(): string[] {
    return this.events.map(({ type }) => type.replace("approval.", ""));
  }

  last<T extends ApprovalEvent["type"]>(type: T): DataOf[T] {
    const found: { data: unknown } | undefined = this.events.findLast((event) => event.type === type);
    if (!found) throw new Error(`no ${type}`);
    return found.data as DataOf[T];
  }
}
