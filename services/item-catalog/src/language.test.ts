import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Bundle } from "./domain/language/bundle.ts";
import { City, Department, Evidence } from "./domain/language/city.ts";
import { Item } from "./domain/language/item.ts";
import { Supervision } from "./domain/language/supervision.ts";

const page = readFileSync(new URL("../LANGUAGE.md", import.meta.url), "utf8");

/** Every key that a schema knows, at any depth. */
function keysOf(schema: unknown, found = new Set<string>()): Set<string> {
  if (typeof schema !== "object" || schema === null) return found;
  const { properties, ...others } = schema as Record<string, unknown>;
  for (const key of Object.keys((properties as object | undefined) ?? {})) found.add(key);
  for (const part of Object.values({ ...(properties as object | undefined), ...others })) keysOf(part, found);
  return found;
}

describe.each(Object.entries({ City, Department, Evidence, Item, Bundle, Supervision }))(
  "%s",
  (_, schema) => {
    test.each([...keysOf(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }))])(
      "`%s` has an example on the language's page",
      (key) => expect(page).toMatch(new RegExp(`\\b${key}:`)),
    );
  },
);
