// Who may know whom: the pure domain, the thin doors, services apart from one another.
import { posix } from "node:path";
import type { Law } from "./law.ts";
import { isTest, type Module, type Node, nameOf } from "./tree.ts";

/** Pure at run time: besides these, a domain knows its own files; types may come from anywhere. */
const pure = [
  /^@onething\/kernel\//,
  /^@onething\/contracts\//, // messages, made by ts-proto
  /^@onething\/events\/names$/, // the list of events with their codecs
  /^@bufbuild\/cel$/, // the expression language of the catalogue's rules
  /^@bufbuild\/protobuf(\/|$)/,
  /^zod$/, // the catalogue's language
];

const impureCalls =
  /^(Date|Date\.now|fetch|Math\.random|(crypto\.)?(randomUUID|getRandomValues)|newId|set(Timeout|Interval|Immediate)|queueMicrotask|performance\.now|console\.\w+|process\..*)$/;
const impureNames = new Set([
  "process",
  "fetch",
  "globalThis",
  "performance",
  "console",
  "randomUUID",
  "newId",
]);

function impurities(module: Module): Node[] {
  return [
    ...module.nodes("AwaitExpression", "ImportExpression"),
    ...module.nodes("ForOfStatement").filter((node) => node.await),
    ...module
      .nodes("FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression")
      .filter((f) => f.async),
    ...module
      .nodes("NewExpression")
      .filter((n) => nameOf(n.callee) === "Date" && !(n.arguments as Node[]).length),
    ...module.nodes("CallExpression").filter((node) => impureCalls.test(nameOf(node.callee))),
    ...module.nodes("MemberExpression").filter((node) => impureNames.has(nameOf(node.object))),
    ...module.nodes("ImportSpecifier").filter((node) => impureNames.has(nameOf(node.imported))),
  ];
}

const domainOf = (path: string): string => path.slice(0, path.indexOf("/domain/") + "/domain".length);

export const pureDomain: Law = {
  says: "1 · domain/ is pure: types, kernel and itself; no clock, no ids, no I/O, no await",
  find: (tree) =>
    tree
      .modules("services")
      .filter(({ path }) => path.includes("/src/domain/") && !isTest(path))
      .flatMap((module) => [
        ...module.imports
          .filter((each) => !each.typeOnly && !pure.some((allowed) => allowed.test(each.from)))
          .filter((each) => !isBelow(module, each.from, domainOf(module.path)))
          .map((each) => `${module.place(each.at)} imports ${each.from}`),
        ...impurities(module).map(
          (node) => `${module.place(node)} ${module.text.slice(node.start, node.end).slice(0, 60)}`,
        ),
      ]),
  refuses: [
    ...[
      "export const at = () => Date.now();",
      "export const at = () => new Date();",
      "export const at = () => Date();",
      'import { randomUUID } from "node:crypto";',
      'import { newId } from "@onething/kernel/ids";',
      "export const id = crypto.randomUUID();",
      "export const read = async () => 1;",
      "export const wait = await Promise.resolve(1);",
      "export const zone = process.env.TZ;",
      'export const page = () => fetch("https://example.org");',
      'import { readFileSync } from "node:fs";',
      'import { find } from "../store.ts";',
      'export const later = () => import("../store.ts");',
      'import type { A } from "./a.ts"; export { find } from "../store.ts";',
    ].map((text) => ({ "services/a/src/domain/law.ts": text })),
  ],
  accepts: [
    {
      "services/a/src/domain/law.ts": `import { idFrom } from "@onething/kernel/ids";
        import type { Database } from "@onething/postgres/database";
        import { type Caller } from "@onething/service/types";
        import { next } from "./rules/next.ts";
        // Date.now() and await are named in a comment only
        export const at = (now: Date) => new Date(now.getTime() + 1).toISOString();`,
      "services/a/src/domain/law.test.ts": "export const at = await Promise.resolve(Date.now());",
      "services/a/src/verbs/do.ts": "export const at = () => Date.now();",
    },
  ],
};

const isBelow = (module: Module, from: string, folder: string): boolean =>
  from.startsWith(".") && posix.join(posix.dirname(module.path), from).startsWith(`${folder}/`);

/** Words of SQL as statements have them. */
export const looksLikeSql = (text: string): boolean =>
  /\b(select\b[\s\S]*\bfrom\b|select\s+\w+\(|insert\s+into|update\s+\S+\s+set\b|delete\s+from|with\s+\w+\s+as\s*\(|(create|alter|drop)\s+(table|schema|index|role)|truncate\s+\w)/i.test(
    text,
  );

const isDoor = (path: string): boolean =>
  /\/src\/(rpc|http|events|http-[\w-]+|http\/.+)\.ts$/.test(path) && !isTest(path);
const ofDatabase = /(^|\.)(query|simple|withClient)$/;

export const thinDoors: Law = {
  says: "2 · doors (rpc.ts, http.ts, events.ts) hold no SQL, and commands of people go through a verb",
  find: (tree) =>
    tree
      .modules("services")
      .filter(({ path }) => isDoor(path))
      .flatMap((module) => [
        ...module.strings
          .filter(({ value }) => looksLikeSql(value))
          .map(({ at }) => `${module.place(at)} holds SQL`),
        ...module
          .nodes("CallExpression")
          .filter(({ callee }) => ofDatabase.test(nameOf(callee)) && !/\breq\.query$/.test(nameOf(callee)))
          .map((node) => `${module.place(node)} asks the database`),
        ...module
          .nodes("CallExpression")
          .filter(
            ({ callee }) => /(^|\.)journal\.submit$/.test(nameOf(callee)) && !/events\.ts$/.test(module.path),
          )
          .map((node) => `${module.place(node)} submits a command; that is a verb's work`),
      ]),
  refuses: [
    { "services/a/src/http.ts": "export const q = `select id from approval where id = $1`;" },
    { "services/a/src/rpc.ts": 'export const q = "insert into approval values ($1)";' },
    { "services/a/src/events.ts": "export const all = (db: Db) => db.query(statement);" },
    {
      "services/a/src/http/cases.ts":
        "export const go = (deps: Deps) => deps.journal.submit(kind, id, command, by);",
    },
  ],
  accepts: [
    {
      "services/a/src/http.ts":
        'export const page = (c: Context) => c.req.query("limit"); // select one from the list',
      "services/a/src/store.ts": 'export const q = "select id from approval";',
    },
  ],
};

export const ownService: Law = {
  says: "3 · no service imports another, no package a service, and nobody reaches into another folder",
  find: (tree) => {
    const services = new Set(tree.paths.flatMap((path) => /^services\/([^/]+)\//.exec(path)?.[1] ?? []));
    return tree.modules("services", "packages").flatMap((module) => {
      const [kind, name] = module.path.split("/") as [string, string];
      return module.imports
        .filter(({ from }) => {
          if (from.startsWith(".")) return !isBelow(module, from, `${kind}/${name}`);
          const other = /^@onething\/([^/]+)/.exec(from)?.[1];
          return other !== undefined && services.has(other) && other !== name && name !== "all-in-one";
        })
        .map((each) => `${module.place(each.at)} imports ${each.from}`);
    });
  },
  refuses: [
    { "services/a/src/x.ts": 'import { b } from "@onething/b/service";', "services/b/src/service.ts": "" },
    {
      "services/a/src/x.test.ts": 'import type { B } from "@onething/b/service";',
      "services/b/src/service.ts": "",
    },
    {
      "packages/p/src/x.ts": 'export const b = import("@onething/b/service");',
      "services/b/src/service.ts": "",
    },
    { "services/a/src/x.ts": 'import { b } from "../../b/src/service.ts";' },
    { "packages/p/src/x.ts": 'import { q } from "../../q/src/inner.ts";' },
  ],
  accepts: [
    {
      "services/all-in-one/src/x.ts": 'import { b } from "@onething/b/service";',
      "services/b/src/x.ts": 'import { invalid } from "@onething/kernel/errors"; import "../package.json";',
      "services/b/src/service.ts": "",
    },
  ],
};
