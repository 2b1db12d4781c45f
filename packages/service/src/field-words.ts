// What is wrong with a field, in words for people. Never repeats the value: it may be somebody's name or number.
import type { FieldProblem, Text } from "@onething/kernel/errors";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

const kinds: Record<string, Text> = {
  string: { zh: "文字", en: "text" },
  number: { zh: "数字", en: "a number" },
  int: { zh: "整数", en: "a whole number" },
  boolean: { zh: "是或否", en: "true or false" },
  array: { zh: "列表", en: "a list" },
  object: { zh: "一组字段", en: "an object" },
  record: { zh: "一组字段", en: "an object" },
  date: { zh: "日期", en: "a date" },
};

const formats: Record<string, Text> = {
  email: { zh: "不是有效的电子邮箱", en: "is not an e-mail address" },
  url: { zh: "不是有效的网址", en: "is not a web address" },
  uuid: { zh: "不是有效的编号", en: "is not an id" },
  date: { zh: "应为日期，如 2026-03-01", en: "must be a date such as 2026-03-01" },
  datetime: {
    zh: "应为时刻，如 2026-03-01T08:00:00.000Z",
    en: "must be an instant such as 2026-03-01T08:00:00.000Z",
  },
};

/** For `refine(check, words(zh, en))`: the words a rule of one's own is explained with. */
export const words = (zh: string, en: string) => ({ message: en, params: { zh, en } });

function size(issue: Extract<Issue, { code: "too_big" | "too_small" }>): Text {
  const big = issue.code === "too_big";
  const bound = String("maximum" in issue ? issue.maximum : issue.minimum);
  const strict = issue.inclusive === false;
  const zh = big ? (strict ? "须小于" : "不能超过") : strict ? "须大于" : "不能少于";
  const en = big ? (strict ? "less than" : "at most") : strict ? "more than" : "at least";
  switch (issue.origin) {
    case "string":
      return { zh: `长度${zh} ${bound} 个字符`, en: `must have ${en} ${bound} characters` };
    case "array":
    case "set":
      return { zh: `${zh} ${bound} 项`, en: `must have ${en} ${bound} entries` };
    default:
      return { zh: `${zh} ${bound}`, en: `must be ${en} ${bound}` };
  }
}

function wording(issue: Issue, missing: boolean): Text {
  if (missing) return { zh: "必填", en: "is required" };
  switch (issue.code) {
    case "invalid_type": {
      const kind = kinds[issue.expected];
      return kind
        ? { zh: `应为${kind.zh}`, en: `must be ${kind.en}` }
        : { zh: "类型不对", en: "has the wrong type" };
    }
    case "too_big":
    case "too_small":
      return size(issue);
    case "invalid_format":
      return formats[issue.format] ?? { zh: "格式不对", en: "has the wrong form" };
    case "not_multiple_of":
      return { zh: `须为 ${issue.divisor} 的倍数`, en: `must be a multiple of ${issue.divisor}` };
    case "unrecognized_keys":
      return {
        zh: `不认识的字段：${issue.keys.join("、")}`,
        en: `has unknown fields: ${issue.keys.join(", ")}`,
      };
    case "invalid_value": {
      const values = issue.values.map(String);
      return { zh: `只能是：${values.join("、")}`, en: `must be one of: ${values.join(", ")}` };
    }
    case "invalid_key":
      return { zh: "键的格式不对", en: "has a key of the wrong form" };
    case "custom": {
      const { zh, en } = (issue.params ?? {}) as Partial<Text>;
      if (zh !== undefined && en !== undefined) return { zh, en };
      return { zh: "不符合要求", en: "is not acceptable" };
    }
    default:
      return { zh: "不符合要求", en: "is not acceptable" };
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** The issues of a failed parse of `value`, one problem for each field; at most fifty, the first ones. */
export function fieldProblems(error: z.ZodError, value: unknown): FieldProblem[] {
  return error.issues.slice(0, 50).map((issue) => ({
    field: issue.path.map(String).join("."),
    text: wording(
      issue,
      issue.path.length > 0 && at(value, issue.path) === undefined && issue.code !== "custom",
    ),
  }));
}
