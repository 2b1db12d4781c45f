// The YAML files of a city as one value, and the way back from any part of it to file, line and column.
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import {
  type Document,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError,
} from "yaml";
import { type LocatedMistake, type Place, refusal } from "./domain/mistakes.ts";

/** Top-level keys by name: every list of that name in every file, one after another. */
export interface Source {
  lists: Record<string, unknown[]>;
  locate(place: Place): string;
}

export interface SourceFile {
  name: string;
  text: string;
}

interface Parsed extends SourceFile {
  document: Document;
  lines: LineCounter;
}

export async function readFiles(folder: string): Promise<SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return Promise.all(
    paths.map(async (path) => ({
      name: relative(folder, path).split(sep).join("/"),
      text: await readFile(path, "utf8"),
    })),
  );
}

/** Throws `catalog.not_publishable` for broken YAML, duplicate keys and a top level that is not a mapping. */
export function parseFiles(files: readonly SourceFile[]): Source {
  const parsed = files.map(parseFile);
  const broken = parsed.flatMap(brokenParts);
  if (broken.length > 0) throw refusal(broken);
  const lists: Record<string, unknown[]> = {};
  const origins: Record<string, { file: Parsed; path: PropertyKey[] }[]> = {};
  for (const file of parsed)
    for (const [key, value] of Object.entries((file.document.toJS() ?? {}) as Record<string, unknown>)) {
      const many = Array.isArray(value);
      lists[key] = [...(lists[key] ?? []), ...(many ? value : [value])];
      const paths = many ? value.map((_, index) => [key, index]) : [[key]];
      origins[key] = [...(origins[key] ?? []), ...paths.map((path) => ({ file, path }))];
    }
  return {
    lists,
    locate({ path: [key, index, ...rest], ...part }) {
      if (index === undefined) return listAt(parsed, key);
      const origin = origins[String(key)]?.[Number(index)];
      if (!origin) return `${parsed[0]?.name ?? "(no file)"}:1:1`;
      return positionOf(origin.file, { path: [...origin.path, ...rest], ...part });
    },
  };
}

/** Where a whole list begins; of one that is nowhere, the first file. */
function listAt(files: readonly Parsed[], key: PropertyKey | undefined): string {
  const file = files.find(({ document }) => keyOf(document.contents, key));
  if (!file) return `${files[0]?.name ?? "(no file)"}:1:1`;
  return at(file, keyOf(file.document.contents, key)?.range?.[0] ?? 0);
}

function parseFile({ name, text }: SourceFile): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  return { name, text, document, lines };
}

function brokenParts(file: Parsed): LocatedMistake[] {
  const { document } = file;
  const { contents } = document;
  if (document.errors.length > 0) return document.errors.map((error) => broken(file, error));
  if (contents === null || isMap(contents)) return [];
  const text = { zh: "文件顶层应是一组键", en: "the top level of a file must be a mapping" };
  return [{ at: at(file, contents.range?.[0] ?? 0), text }];
}

const broken = (file: Parsed, error: YAMLError): LocatedMistake => ({
  at: at(file, error.pos[0]),
  text:
    error.code === "DUPLICATE_KEY"
      ? { zh: "同一个键出现了两次", en: "the same key stands here twice" }
      : { zh: `不是有效的 YAML：${error.message}`, en: `is not valid YAML: ${error.message}` },
});

function at({ name, lines }: Parsed, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${name}:${line}:${col}`;
}

/** The deepest part of the path that is there. */
function positionOf(file: Parsed, { path, offset = 0, key = false }: Place): string {
  for (let depth = path.length; depth > 0; depth--) {
    const node = file.document.getIn(path.slice(0, depth), true);
    if (!isNode(node) || !node.range) continue;
    if (depth < path.length) return at(file, node.range[0]);
    const named = key ? keyOf(file.document.getIn(path.slice(0, -1), true), path.at(-1)) : undefined;
    return at(file, named?.range?.[0] ?? node.range[0] + inScalar(file, node, offset));
  }
  return at(file, 0);
}

function keyOf(node: unknown, name: PropertyKey | undefined): Node | undefined {
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => isScalar(item.key) && item.key.value === name);
  return isNode(pair?.key) ? pair.key : undefined;
}

/** How far into a scalar the character lies, where the text stands in the file as it is. */
function inScalar(file: Parsed, node: Node, offset: number): number {
  if (offset === 0 || !isScalar(node) || typeof node.value !== "string" || !node.range) return 0;
  const written = file.text.slice(node.range[0], node.range[1]);
  const begins = written.indexOf(node.value);
  return begins < 0 ? 0 : begins + offset;
}
