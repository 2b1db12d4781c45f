// The repository as the laws see it: every file's text, and of TypeScript its syntax tree, each read once.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseAst } from "vitest/node";

export interface Node {
  type: string;
  start: number;
  end: number;
  [property: string]: unknown;
}

export interface Module {
  path: string;
  text: string;
  nodes(...types: string[]): Node[];
  imports: Import[];
  /** Literals and templates; what a template fills in reads as `hole`. */
  strings: { value: string; at: Node }[];
  /** `path:line`. */
  place(at: Node | number): string;
}

export interface Import {
  from: string;
  /** True when nothing of it is left at run time. */
  typeOnly: boolean;
  at: Node;
}

/** Stands in a text for what is filled in. */
export const hole = "\uFFFC";

/** Path -> text, paths from the root with `/`. A small one stands for the repository where a law is put to the test. */
export type Files = Record<string, string>;

export interface Tree {
  paths: string[];
  /** What git keeps. */
  tracked: string[];
  text(path: string): string;
  /** TypeScript and JavaScript below these folders (all, when none is named). */
  modules(...folders: string[]): Module[];
}

const root = fileURLToPath(new URL("../../", import.meta.url));

export function repository(): Tree {
  const list = (...args: string[]) =>
    execFileSync("git", ["ls-files", "-z", ...args], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 })
      .split("\0")
      .filter(Boolean);
  const gone = new Set(list("--deleted"));
  const tracked = list().filter((path) => !gone.has(path));
  const paths = [...tracked, ...list("--others", "--exclude-standard")].sort();
  return treeOf(paths, tracked, (path) => readFileSync(join(root, path), "utf8"));
}

export function smallTree(files: Files): Tree {
  const paths = Object.keys(files);
  return treeOf(paths, paths, (path) => files[path]!);
}

function treeOf(paths: string[], tracked: string[], read: (path: string) => string): Tree {
  const texts = new Map<string, string>();
  const parsed = new Map<string, Module>();
  const text = (path: string): string => {
    if (!texts.has(path)) texts.set(path, read(path));
    return texts.get(path)!;
  };
  const moduleAt = (path: string): Module => {
    if (!parsed.has(path)) parsed.set(path, parse(path, text(path)));
    return parsed.get(path)!;
  };
  return {
    paths,
    tracked,
    text,
    modules: (...folders) =>
      paths
        .filter((path) => /\.(ts|mjs)$/.test(path))
        .filter((path) => folders.length === 0 || folders.some((folder) => path.startsWith(`${folder}/`)))
        .map(moduleAt),
  };
}

function parse(path: string, text: string): Module {
  const byType = new Map<string, Node[]>();
  visit(parseAst(text, { lang: "ts" }, path), (node) => {
    const same = byType.get(node.type);
    if (same) same.push(node);
    else byType.set(node.type, [node]);
  });
  const nodes = (...types: string[]) => types.flatMap((type) => byType.get(type) ?? []);
  return {
    path,
    text,
    nodes,
    imports: importsOf(nodes),
    strings: stringsOf(nodes),
    place: (at) => `${path}:${text.slice(0, typeof at === "number" ? at : at.start).split("\n").length}`,
  };
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) visit(each, see);
  else if (isNode(value)) {
    see(value);
    for (const property of Object.values(value)) if (typeof property === "object") visit(property, see);
  }
}

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

/** Everything below a node, itself among it. */
export function within(node: unknown): Node[] {
  const found: Node[] = [];
  visit(node, (each) => found.push(each));
  return found;
}

type NodesOf = (...types: string[]) => Node[];

function importsOf(nodes: NodesOf): Import[] {
  const still = nodes("ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration").filter((node) =>
    isNode(node.source),
  );
  return [
    ...still.map((at) => ({ from: textOf(at.source), typeOnly: isTypeOnly(at), at })),
    ...nodes("ImportExpression").map((at) => ({ from: textOf(at.source), typeOnly: false, at })),
  ];
}

function isTypeOnly(node: Node): boolean {
  if (node.importKind === "type" || node.exportKind === "type") return true;
  const specifiers = (node.specifiers ?? []) as Node[];
  return (
    specifiers.length > 0 &&
    specifiers.every((each) => each.importKind === "type" || each.exportKind === "type")
  );
}

const stringsOf = (nodes: NodesOf): Module["strings"] => [
  ...nodes("Literal")
    .filter((at) => typeof at.value === "string")
    .map((at) => ({ value: at.value as string, at })),
  ...nodes("TemplateLiteral").map((at) => ({ value: textOf(at), at })),
];

/** The text of a literal or template; empty for anything else. */
export function textOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : "";
  if (node.type !== "TemplateLiteral") return "";
  return (node.quasis as Node[]).map((part) => (part.value as { cooked: string }).cooked).join(hole);
}

/** `a.b.c` as written; of anything else only the names it ends with. */
export function nameOf(node: unknown): string {
  if (!isNode(node)) return "";
  if (node.type === "Identifier") return node.name as string;
  if (node.type === "ChainExpression") return nameOf(node.expression);
  if (node.type !== "MemberExpression") return "";
  const property = node.computed ? textOf(node.property) : nameOf(node.property);
  return [nameOf(node.object), property].filter(Boolean).join(".");
}

/** Tests and what only tests use. */
export const isTest = (path: string): boolean =>
  path.startsWith("test/") ||
  /\/test\//.test(path) ||
  /(\.test|[.-]fixture|\/test-[\w-]+|\/testing|\/vitest-setup)\.ts$/.test(path);
