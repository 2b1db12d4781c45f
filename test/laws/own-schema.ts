// Every service reads and writes tables of its own schema alone.

import type { Law } from "./law.ts";
import { looksLikeSql } from "./layers.ts";
import { isTest } from "./tree.ts";

const catalogues = new Set(["pg_catalog", "information_schema"]);
const table =
  /\b(?:from|join|into|update|references|table|truncate)\s+(?:only\s+|if\s+(?:not\s+)?exists\s+)?"?([a-z_][\w$]*)"?\."?[a-z_]/gi;

/** A table named with its schema is never one's own: the connection's search path finds those. */
const foreignTables = (sql: string, schemas: ReadonlySet<string>): string[] => [
  ...[...sql.replaceAll(/'[^']*'|--.*$/gm, "").matchAll(table)]
    .map((match) => match[1]!.toLowerCase())
    .filter(
      // Columns read the same after "on" and "from": there only names of schemas count.
      (name) => !catalogues.has(name) && schemas.has(name),
    ),
  ...(/\bset\s+(?:local\s+|session\s+)?search_path\b/i.test(sql) ? ["search_path"] : []),
];

export const ownSchema: Law = {
  says: "7 · no SQL names a table of another schema",
  find: (tree) => {
    const modules = tree.modules("services", "packages").filter(({ path }) => !isTest(path));
    const schemas = new Set([
      "keyring",
      "public",
      ...modules.flatMap((module) =>
        [...module.text.matchAll(/^export const schema = "(\w+)"/gm)].map((m) => m[1]!),
      ),
    ]);
    return [
      ...modules
        .filter(({ path }) => !path.startsWith("packages/postgres/")) // prepares schemas for everybody
        .flatMap((module) =>
          module.strings
            .filter(({ value }) => looksLikeSql(value) || /search_path/.test(value))
            .flatMap(({ value, at }) =>
              foreignTables(value, schemas).map((name) => `${module.place(at)} ${name}`),
            ),
        ),
      ...tree.paths
        .filter((path) => /\/migrations\/.*\.sql$/.test(path))
        .flatMap((path) => foreignTables(tree.text(path), schemas).map((name) => `${path} ${name}`)),
    ];
  },
  refuses: [
    {
      "services/a/src/store.ts":
        "export const q = `select * from mine join licence.holder h on h.id = mine.id`;",
      "services/b/src/service.ts": 'export const schema = "licence";',
    },
    { "packages/journal/src/sql.ts": 'export const q = "insert into keyring.data_key values ($1)";' },
    { "services/a/src/store.ts": 'export const q = "set search_path = licence";' },
    { "services/a/migrations/0001_a.sql": "create table a (id text references public.b (id));" },
  ],
  accepts: [
    {
      "services/a/src/store.ts":
        "export const q = `select state from case_file join holder on holder.id = case_file.id where at > '2026'`;",
      "services/a/src/service.ts": 'export const schema = "holder";',
      "services/a/src/words.ts": 'export const text = "read from licence.issued";',
    },
  ],
};
