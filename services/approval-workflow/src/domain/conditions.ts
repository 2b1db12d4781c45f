// Automatic items: granted when every condition is proved by data, else an officer looks and is told why.
// Rules are CEL over `answers`, `form` and `evidence.<requirement>.<field>`; they were type-checked when the bundle was
// published. What a rule says here names conditions and fields, never a value: values are personal data.
import { type CelResult, celEnv, celError, isCelError, parse, plan } from "@bufbuild/cel";
import type { UnmetCondition } from "@onething/contracts/approval/v1/events";
import type { Condition, PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Receipt } from "@onething/contracts/verification/v1/verification";
import type { Text } from "@onething/kernel/errors";
import { type Values, validateResult } from "./result.ts";

export interface Facts {
  answers: Values;
  form: Values;
  /** Only evidence that is proved. */
  evidence: { readonly [requirement: string]: Values };
}

/**
 * What is proved, by the id of its requirement. One requirement may be proved of several people: fields on which they differ
 * are left out, so a rule that reads one does not hold and nobody is picked silently.
 */
export function evidenceFacts(proofs: readonly { receipt: Receipt; fields: Values }[]): Facts["evidence"] {
  const proved = proofs.filter(({ receipt }) => isProved(receipt));
  const byRequirement = Map.groupBy(proved, ({ receipt }) => receipt.requirement);
  return Object.fromEntries(
    [...byRequirement].map(([id, all]) => [id, agreed(all.map(({ fields }) => fields))]),
  );
}

function agreed(all: readonly Values[]): Values {
  const [first = {}, ...others] = all;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => others.every((other) => other[name] === value)),
  );
}

const isProved = (receipt: Receipt): boolean => receipt.state === "proved" || receipt.proof !== undefined;

export type Ruling = { result: { [field: string]: string } } | { unmet: UnmetCondition[] };

export function rule(
  item: Pick<PlannedItem, "conditions" | "automaticResult" | "result">,
  receipts: readonly Receipt[],
  facts: Facts,
): Ruling {
  const unmet = [
    ...receipts.filter((receipt) => !isProved(receipt)).map(unproved),
    ...item.conditions.flatMap((condition) => failed(condition, facts)),
  ];
  if (unmet.length > 0) return { unmet };
  return resultOf(item, facts);
}

function unproved(receipt: Receipt): UnmetCondition {
  return {
    id: receipt.requirement,
    why: receipt.why ?? { zh: "所需证明尚未核验", en: "what is required is not proved" },
  };
}

function failed({ id, rule, why }: Condition, facts: Facts): UnmetCondition[] {
  const value = evaluate(rule, facts);
  if (value === true) return [];
  const named = why ?? { zh: id, en: id };
  if (value === false) return [{ id, why: { zh: `不成立：${named.zh}`, en: `does not hold: ${named.en}` } }];
  const problem = isCelError(value) ? excuse(value, rule) : notOf("布尔值", "true or false");
  return [{ id, why: { zh: `${named.zh}：${problem.zh}`, en: `${named.en}: ${problem.en}` } }];
}

function resultOf(item: Pick<PlannedItem, "automaticResult" | "result">, facts: Facts): Ruling {
  const unmet: UnmetCondition[] = [];
  const result: { [field: string]: string } = {};
  for (const [field, rule] of Object.entries(item.automaticResult)) {
    const value = evaluate(rule, facts);
    const text = textOf(value);
    if (text !== undefined) result[field] = text;
    else
      unmet.push({
        id: `result.${field}`,
        why: isCelError(value) ? excuse(value, rule) : notOf("文本", "a text"),
      });
  }
  if (unmet.length > 0) return { unmet };
  const problems = validateResult(item.result, result);
  if (problems.length === 0) return { result };
  return { unmet: problems.map(({ field, text }) => ({ id: field, why: text })) };
}

const environment = celEnv();
type Compiled = (facts: Record<string, Record<string, unknown>>) => CelResult;
// A pure function of the text, kept: every case of a bundle asks for the same few rules.
const compiled = new Map<string, Compiled>();

/** Never throws: a rule that cannot be read gives an error value, as a missing field does. */
function compile(rule: string): Compiled {
  try {
    return plan(environment, parse(rule)) as Compiled;
  } catch (error) {
    return () => celError(error);
  }
}

function evaluate(rule: string, { answers, form, evidence }: Facts): CelResult {
  const known = compiled.get(rule) ?? compile(rule);
  compiled.set(rule, known);
  return known({ answers: { ...answers }, form: { ...form }, evidence: { ...evidence } });
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

const notOf = (zh: string, en: string): Text => ({
  zh: `规则的结果不是${zh}`,
  en: `the rule did not give ${en}`,
});

/** CEL quotes values in its messages; let through is only a missing field that the rule itself names. */
function excuse(error: { message: string }, rule: string): Text {
  const missing = /^field not found: (\w{1,60})$/.exec(error.message)?.[1];
  if (missing && new RegExp(`\\b${missing}\\b`).test(rule))
    return { zh: `缺少数据 ${missing}`, en: `there is no ${missing}` };
  return { zh: "规则无法计算", en: "the rule could not be evaluated" };
}
