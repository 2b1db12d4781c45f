// Fields of a licence checked against the schema of its type.
import type { Field } from "@onething/contracts/common/v1/common";
import { invalid } from "@onething/kernel/errors";
import { fieldProblems } from "@onething/kernel/fields";

export type Fields = Record<string, string>;

/** Every field is of the schema, every required one is there, every value has its type. Errors: `invalid`, a detail a field. */
export function checkFields(schema: readonly Field[], fields: Fields): void {
  const problems = fieldProblems(schema, fields, "fields");
  if (problems.length > 0)
    throw invalid("licence.fields", "证照字段有误", "Some licence fields are wrong", { fields: problems });
}

/** What the fields say about the holder himself: his number, and his name. */
export function identityIn(schema: readonly Field[], fields: Fields): { number: string; name: string } {
  const own = (type: string) => {
    const field = schema.find((candidate) => candidate.identifies && candidate.type === type);
    return field ? (fields[field.name] ?? "") : "";
  };
  return { number: own("citizenNumber"), name: own("text") };
}
