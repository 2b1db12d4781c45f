// What an officer of the simulator decides: the item's script over what the officer's door shows of the work.

import { DecideRequest } from "@onething/contracts/approval/v1/acts";
import type { WorkDetail } from "@onething/contracts/approval/v1/work";
import { notFound, type Text } from "@onething/kernel/errors";
import type { Numbers } from "./numbers.ts";
import { type Bindings, compileRule, dateFunctions, fraction, officeFunctions, type Rule } from "./rules.ts";
import type { Delay, Script } from "./schema.ts";
import type { Step } from "./steps.ts";

const plainRefusal: Text = {
  zh: "经审查，申请不符合办理条件（模拟部门按脚本作出的决定）",
  en: "On review the application does not meet the conditions (decided by script of the simulated department)",
};

export interface Scripts {
  items(department: string): ReadonlySet<string>;
  /** What is done with a piece of work of this item, in order. */
  steps(item: string): readonly Step[];
  /** How long the officer thinks, milliseconds. */
  delay(item: string, work: string): number;
  /** Throws where a rule of the script does not evaluate. */
  decide(detail: WorkDetail): DecideRequest;
  /** From now on the item is refused; without reasons with the script's own. */
  refuse(item: string, reasons?: Text[]): void;
}

export interface ScriptOptions {
  seed: string;
  numbers: Numbers;
  now: () => Date;
  /** Instead of every script's own delay. */
  delayMs?: Delay;
}

export const createScripts = (scripts: readonly Script[], options: ScriptOptions): Scripts => {
  const refused = new Map<string, Text[] | undefined>();
  const compiled = new Map(scripts.map((script) => [script.item, { script, rules: compile(script) }]));
  const find = (item: string) => {
    const found = compiled.get(item);
    if (found === undefined) {
      throw notFound(
        "simulator.unknown_item",
        `事项 ${item} 没有脚本`,
        `There is no script for item ${item}`,
      );
    }
    return found;
  };
  return {
    items: (department) =>
      new Set(scripts.filter((script) => script.department === department).map((script) => script.item)),
    steps: (item) => find(item).script.steps,
    delay(item, work) {
      const [low, high] = options.delayMs ?? find(item).script.delayMs;
      return Math.round(low + (high - low) * fraction(options.seed, "delay", work));
    },
    decide(detail) {
      const work = detail.work;
      if (work === undefined) throw new Error("the door showed no work");
      const { script, rules } = find(work.item);
      // The same key for the same work, so that a decision sent again is the first one's answer and nothing is doubled.
      const request = { id: work.id, idempotencyKey: `simulator:${work.id}` };
      if (script.decision === "refuse" || refused.has(work.item)) {
        const own = script.reasons.length > 0 ? script.reasons : [plainRefusal];
        const reasons = refused.get(work.item) ?? own;
        return DecideRequest.fromPartial({ ...request, decision: { $case: "refuse", value: { reasons } } });
      }
      const result = evaluate(rules, detail, work.id, options);
      return DecideRequest.fromPartial({
        ...request,
        decision: { $case: "grant", value: { result, opinion: script.opinion } },
      });
    },
    refuse(item, reasons) {
      find(item);
      refused.set(item, reasons);
    },
  };
};

const compile = (script: Script): [field: string, rule: Rule][] =>
  Object.entries(script.result).map(([field, source]) => [
    field,
    compileRule(`scripts.${script.item}.result.${field}`, source),
  ]);

/** Fields in the script's order, so that a rule may use `result.<field>` of an earlier one. */
const evaluate = (
  rules: readonly [string, Rule][],
  detail: WorkDetail,
  work: string,
  { seed, numbers, now }: ScriptOptions,
): Record<string, string> => {
  const result: Record<string, string> = {};
  const seen = bindings(detail);
  const dates = dateFunctions(now());
  for (const [field, rule] of rules) {
    const office = officeFunctions({ seed, work, field }, (...of) => numbers.give(work, ...of));
    result[field] = rule({ ...seen, result }, [...dates, ...office]);
  }
  return result;
};

/**
 * Proofs by requirement (`evidence.parentHousehold`) and, where one of a type is enough, by evidence code with `_` for
 * `-`, which CEL would subtract (`evidence.household_page`); of several the first.
 */
const bindings = (detail: WorkDetail): Bindings => {
  const evidence: Record<string, Record<string, string>> = {};
  for (const { receipt, fields } of detail.evidence) {
    const names = [receipt?.requirement ?? "", receipt?.pair?.evidence.replaceAll("-", "_") ?? ""];
    for (const name of names) evidence[name] ??= fields;
  }
  return {
    form: detail.form,
    answers: detail.answers,
    evidence,
    subjects: subjects(detail),
    work: workOf(detail),
  };
};

const subjects = (detail: WorkDetail): Record<string, string>[] =>
  detail.subjects.map(({ role, personId, position }) => ({ role, personId, position: String(position) }));

const workOf = ({ work }: WorkDetail): Record<string, string> => ({
  id: work?.id ?? "",
  caseNumber: work?.caseNumber ?? "",
  bundle: work?.bundle ?? "",
  item: work?.item ?? "",
  department: work?.department?.code ?? "",
  openedAt: work?.openedAt ?? "",
  dueOn: work?.dueOn ?? "",
});
