// Type-checks a rule against what it may name. The library parses and runs CEL but checks only constants and names, so the
// walk is here; functions and operators are the library's own, read from its table.
import { celEnv, parse } from "@bufbuild/cel";
import type { Text } from "@onething/kernel/errors";
import {
  alike,
  dyn,
  fits,
  fromCel,
  isDyn,
  isTruth,
  nameOf,
  type RuleType,
  type Scope,
  text,
  truth,
} from "./types.ts";

type Expr = ReturnType<typeof parse>["expr"];
type Of<Case extends Expr["exprKind"]["case"]> = Extract<Expr["exprKind"], { case: Case }>["value"];

export interface RuleMistake {
  /** Offset of the character in the rule. */
  offset: number;
  text: Text;
}

/** Functions that rules may call: CEL's own, so that every service runs them alike. */
export const environment = celEnv();

class Wrong extends Error {
  readonly id: bigint;
  readonly text: Text;
  constructor({ id }: Expr, zh: string, en: string) {
    super(en);
    this.id = id;
    this.text = { zh, en };
  }
}

/** What is wrong with the rule, or nothing: it parses, names what is declared, and gives what is asked of it. */
export function checkRule(rule: string, scope: Scope, wanted: RuleType): RuleMistake | undefined {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(rule);
  } catch (error) {
    return unreadable(error);
  }
  try {
    const type = typeOf(parsed.expr, scope);
    if (isDyn(type) || alike(type, wanted)) return undefined;
    const [zh, en] = [
      `规则应得出 ${nameOf(wanted)}，却得出 ${nameOf(type)}`,
      `must give ${nameOf(wanted)}, and gives ${nameOf(type)}`,
    ];
    return { offset: 0, text: { zh, en } };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { offset: parsed.sourceInfo?.positions[String(error.id)] ?? 0, text: error.text };
  }
}

function unreadable(error: unknown): RuleMistake {
  const { message, location } = error as Error & { location?: { start: { offset: number } } };
  const words = message.replace(/^(syntax error )?<input>:\d+:\d+: /, "");
  return {
    offset: location?.start.offset ?? 0,
    text: { zh: `规则无法读懂：${words}`, en: `cannot be read as a rule: ${words}` },
  };
}

function typeOf(expr: Expr, scope: Scope): RuleType {
  const { exprKind } = expr;
  switch (exprKind.case) {
    case "constExpr":
      return constant(exprKind.value);
    case "identExpr":
      return named(expr, exprKind.value.name, scope);
    case "selectExpr":
      return selected(expr, exprKind.value, scope);
    case "callExpr":
      return called(expr, exprKind.value, scope);
    case "listExpr":
      return list(exprKind.value.elements.map((element) => typeOf(element, scope)));
    case "comprehensionExpr":
      return folded(exprKind.value, scope);
    default:
      throw new Wrong(expr, "规则里不能构造对象", "a rule cannot build an object");
  }
}

const constants: Record<string, string> = {
  boolValue: "bool",
  bytesValue: "bytes",
  doubleValue: "double",
  int64Value: "int",
  nullValue: "null_type",
  uint64Value: "uint",
};
const constant = ({ constantKind }: Of<"constExpr">): RuleType =>
  constantKind.case === "stringValue"
    ? text
    : { kind: "scalar", name: constants[constantKind.case ?? ""] ?? "dyn" };

function named(expr: Expr, name: string, scope: Scope): RuleType {
  const type = scope.get(name);
  if (type) return type;
  const known = [...scope.keys()].join(", ");
  throw new Wrong(
    expr,
    `规则里没有“${name}”，可用：${known}`,
    `does not know "${name}"; it may use ${known}`,
  );
}

function selected(expr: Expr, { operand, field, testOnly }: Of<"selectExpr">, scope: Scope): RuleType {
  const type = typeOf(operand!, scope);
  const found = fieldOf(expr, type, field);
  return testOnly ? truth : found;
}

function fieldOf(expr: Expr, type: RuleType, field: string): RuleType {
  if (isDyn(type)) return dyn;
  const found = type.kind === "record" ? type.fields.get(field) : undefined;
  if (found) return found;
  if (type.kind === "record" && type.unlisted.includes(field))
    throw new Wrong(
      expr,
      `${type.name} 的“${field}”没有列入本事项的 fields`,
      `"${field}" of ${type.name} is not among the \`fields\` that the item lists`,
    );
  throw new Wrong(expr, `${nameOf(type)} 没有“${field}”`, `${nameOf(type)} has no "${field}"`);
}

function called(expr: Expr, call: Of<"callExpr">, scope: Scope): RuleType {
  const target = call.target && typeOf(call.target, scope);
  const types = call.args.map((arg) => typeOf(arg, scope));
  const [first = dyn, second = dyn, third = dyn] = types;
  switch (call.function) {
    case "_&&_":
    case "_||_":
      for (const [index, type] of types.entries()) mustBeTruth(call.args[index]!, type);
      return truth;
    case "_?_:_":
      mustBeTruth(call.args[0]!, first);
      if (!alike(second, third)) throw unlike(expr, second, third);
      return second;
    case "_==_":
    case "_!=_":
      if (!alike(first, second)) throw unlike(expr, first, second);
      mustBeChoice(call.args[1]!, first);
      mustBeChoice(call.args[0]!, second);
      return truth;
    case "@in":
      if (second.kind === "list" && !alike(first, second.of)) throw unlike(expr, first, second.of);
      for (const element of elementsOf(call.args[1]!)) mustBeChoice(element, first);
      break;
    case "_[_]":
      return indexed(expr, first, call.args[1]!);
    case "@not_strictly_false":
      return truth;
  }
  return overload(expr, call.function, target, types);
}

function overload(expr: Expr, name: string, target: RuleType | undefined, types: RuleType[]): RuleType {
  const group = environment.funcs.find(name);
  for (const candidate of group ?? []) {
    const receiver =
      candidate.target === undefined ? target === undefined : target && fits(target, candidate.target);
    if (!receiver || candidate.arguments.length !== types.length) continue;
    if (types.every((type, index) => fits(type, candidate.arguments[index]!)))
      return fromCel(candidate.result);
  }
  const shown = name.replaceAll("_", "").replace("@", "");
  const given = types.map(nameOf).join(", ");
  if (!group) throw new Wrong(expr, `没有函数“${shown}”`, `there is no function "${shown}"`);
  throw new Wrong(expr, `“${shown}”不能用于 (${given})`, `"${shown}" cannot be used on (${given})`);
}

function indexed(expr: Expr, type: RuleType, index: Expr): RuleType {
  if (type.kind === "list") return type.of;
  const key = constantText(index);
  if (key !== undefined) return fieldOf(expr, type, key);
  throw new Wrong(expr, "方括号里须是写明的名称", "needs a name written out in the brackets");
}

function list(types: RuleType[]): RuleType {
  const [first] = types;
  return { kind: "list", of: first && types.every((type) => alike(type, first)) ? first : dyn };
}

/** `all`, `exists`, `map`, `filter`: what the parser has made of them. */
function folded(fold: Of<"comprehensionExpr">, scope: Scope): RuleType {
  const over = typeOf(fold.iterRange!, scope);
  const each = over.kind === "list" ? over.of : over.kind === "record" ? text : dyn;
  const start = typeOf(fold.accuInit!, scope);
  const inner = new Map([...scope, [fold.iterVar, each], [fold.accuVar, start]]);
  typeOf(fold.loopCondition!, inner);
  const step = typeOf(fold.loopStep!, inner);
  return typeOf(fold.result!, new Map([...scope, [fold.accuVar, step]]));
}

function mustBeTruth(expr: Expr, type: RuleType): void {
  if (isTruth(type) || isDyn(type)) return;
  throw new Wrong(expr, `应为真假，却是 ${nameOf(type)}`, `must be true or false, and is ${nameOf(type)}`);
}

/** A choice compared with a word that it never takes is a slip of the pen. */
function mustBeChoice(expr: Expr, type: RuleType): void {
  const word = constantText(expr);
  if (word === undefined || type.kind !== "text" || !type.choices || type.choices.includes(word)) return;
  const choices = type.choices.join(", ");
  throw new Wrong(expr, `不会是“${word}”，只会是 ${choices}`, `is never "${word}", only ${choices}`);
}

function unlike(expr: Expr, a: RuleType, b: RuleType): Wrong {
  const hint = [a, b].some(isTruth) && [a, b].some((type) => type.kind === "text");
  const [zh, en] = hint
    ? ['；答案是文字，请写 "true" 或 "false"', '; answers are text: write "true" or "false"']
    : ["", ""];
  return new Wrong(
    expr,
    `${nameOf(a)} 不能与 ${nameOf(b)} 相比${zh}`,
    `compares ${nameOf(a)} with ${nameOf(b)}${en}`,
  );
}

const elementsOf = ({ exprKind }: Expr): Expr[] =>
  exprKind.case === "listExpr" ? exprKind.value.elements : [];

function constantText({ exprKind }: Expr): string | undefined {
  if (exprKind.case !== "constExpr") return undefined;
  const { constantKind } = exprKind.value;
  return constantKind.case === "stringValue" ? constantKind.value : undefined;
}
