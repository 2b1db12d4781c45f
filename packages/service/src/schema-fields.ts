// A JSON schema as a flat list of fields, as a reader wants it: `people[].role`, text, required.

export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  minLength?: number;
  maxLength?: number;
}

export interface Field {
  path: string;
  type: string;
  required: boolean;
  description: string;
}

/** Deeper than this nobody reads a table; the OpenAPI document says the rest. */
const maxDepth = 6;

export function fieldsOf(schema: Schema | undefined, named: Record<string, Schema>): Field[] {
  if (!schema) return [];
  const top = resolve(schema, named);
  if (top.properties || top.items || top.allOf || top.additionalProperties) return inner(top, "", named, 0);
  return [{ path: "·", type: typeOf(top, named), required: true, description: top.description ?? "" }];
}

function inner(schema: Schema, path: string, named: Record<string, Schema>, depth: number): Field[] {
  if (depth > maxDepth) return [];
  const own = resolve(schema, named);
  const below = (part: Schema, at: string) => inner(part, at, named, depth + 1);
  const fields: Field[] = Object.entries(own.properties ?? {}).flatMap(([name, property]) => {
    const at = path ? `${path}.${name}` : name;
    const field = resolve(property, named);
    const description = property.description ?? field.description ?? "";
    const must = own.required?.includes(name) === true;
    return [{ path: at, type: typeOf(field, named), required: must, description }, ...below(field, at)];
  });
  if (own.items) fields.push(...below(own.items, `${path}[]`));
  if (typeof own.additionalProperties === "object")
    fields.push(...below(own.additionalProperties, `${path}{}`));
  for (const part of [...(own.allOf ?? []), ...(own.anyOf ?? []), ...(own.oneOf ?? [])])
    fields.push(...below(part, path));
  return fields;
}

function resolve(schema: Schema, named: Record<string, Schema>): Schema {
  const target = schema.$ref?.split("/").at(-1);
  return target === undefined ? schema : (named[target] ?? {});
}

function typeOf(schema: Schema, named: Record<string, Schema>): string {
  const own = resolve(schema, named);
  if (own.const !== undefined) return JSON.stringify(own.const);
  if (own.enum) return own.enum.map((value) => String(value)).join(" | ");
  const choices = own.anyOf ?? own.oneOf;
  if (choices) return [...new Set(choices.map((choice) => typeOf(choice, named)))].join(" | ");
  if (own.items) return `${typeOf(own.items, named)}[]`;
  const type = [own.type ?? "object"].flat().join(" | ");
  return own.format ? `${type} (${own.format})` : type;
}
