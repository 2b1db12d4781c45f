// Documents stay true: what they name is there.
import { posix } from "node:path";
import type { Law } from "./law.ts";
import type { Tree } from "./tree.ts";

const fence = /^(```|~~~).*?^\1/gms;
const quoted = /`([^`\n]+)`/g;
const link = /\]\(([^)\s]+)\)/g;
const file = /^[\w.@-]+\.(ts|mjs|js|json|ya?ml|sql|proto|md|vue|css|html|sh)$/;

/** What reads like a path: a folder with its `/`, a file with an extension we use, or a way below a folder of the root. */
function readsLikePath(word: string, tops: ReadonlySet<string>): boolean {
  if (!/^[\w.@/-]+$/.test(word) || word.startsWith("/") || word.startsWith("@")) return false;
  if (word.endsWith("/")) return true;
  const parts = word.split("/");
  return file.test(parts.at(-1)!) || (parts.length > 1 && tops.has(parts[0]!));
}

/** Looked for from the document, from its `src/`, and from the root; a bare name may lie anywhere below the document. */
function isThere(tree: Tree, document: string, word: string): boolean {
  const path = word.replace(/\/$/, "");
  const home = posix.dirname(document);
  const at = [posix.join(home, path), posix.join(home, "src", path), path];
  if (tree.paths.some((each) => at.some((one) => each === one || each.startsWith(`${one}/`)))) return true;
  if (path.includes("/")) return false;
  const below = home === "." ? "" : `${home}/`;
  return tree.paths.some((each) => each.startsWith(below) && `/${each}/`.includes(`/${path}/`));
}

/** Made while working, so that git does not keep them: the data folder and what lies in it, what set-up generates, lists of certificates. */
const made = new Set([
  "cluster/",
  "owner.json",
  "revoked.json",
  "data/",
  "./data",
  "node_modules/",
  "dist/",
  "gen/",
  "packages/contracts/gen/",
]);

export const trueDocuments: Law = {
  says: "9 · documents name only paths that exist",
  find: (tree) => {
    const tops = new Set(tree.paths.map((path) => path.split("/")[0]!));
    return tree.paths
      .filter((path) => path.endsWith(".md"))
      .flatMap((document) => {
        const text = tree.text(document).replaceAll(fence, "");
        const words = [...text.matchAll(quoted)]
          .map((match) => match[1]!)
          .filter((word) => readsLikePath(word, tops));
        const links = [...text.matchAll(link)]
          .map((match) => match[1]!.replace(/#.*$/, ""))
          .filter((to) => to !== "" && !/^[a-z]+:/.test(to));
        return [...new Set([...words, ...links])]
          .filter((word) => !made.has(word) && !isThere(tree, document, word))
          .map((word) => `${document} names ${word}`);
      });
  },
  refuses: [
    { "README.md": "see `packages/gone/src/x.ts`", "packages/p/src/x.ts": "" },
    { "README.md": "see `packages/gone`", "packages/p/src/x.ts": "" },
    { "packages/p/README.md": "see `gone.ts`", "packages/q/src/gone.ts": "" },
    { "README.md": "see [the language](services/LANGUAGE.md)" },
    { "services/a/README.md": "its `domain/` is pure", "services/b/src/domain/x.ts": "" },
  ],
  accepts: [
    {
      "README.md":
        "`packages/p`, `x.ts`, `src/`, `npm test`, `GET /api/v1/cases`, `case/<id>`, `a/b`, `data/`, `birth.yaml`",
      "deploy/birth.yaml": "",
      "packages/p/README.md":
        "`x.ts`, `src/x.ts`, [root](../../README.md), [web](https://example.org)\n```\n`gone.ts`\n```",
      "packages/p/src/x.ts": "",
    },
  ],
};

const settingsOf = (tree: Tree, ...files: string[]): Set<string> =>
  new Set(files.flatMap((file) => tree.text(file).match(/\bONETHING_[A-Z_]+\b/g) ?? []));

const settingsFile = "services/all-in-one/src/config.ts";
const ofFrontPage = ["README.md", "README.zh-CN.md"];

export const trueCommands: Law = {
  says: "documents name only commands and settings there are, and both front pages name every setting",
  find: (tree) => {
    const { scripts } = JSON.parse(tree.text("package.json")) as { scripts: Record<string, string> };
    const settings = settingsOf(tree, settingsFile);
    // A process or a command of its own has settings of its own; the operator's page may name those too.
    const known = settingsOf(tree, ...tree.paths.filter((path) => path.endsWith("/config.ts")));
    const documents = tree.paths.filter((path) => path.endsWith(".md"));
    return [
      ...documents.flatMap((document) =>
        [...tree.text(document).matchAll(/\bnpm run (?:--silent )?([a-z][\w:-]*)/g)]
          .map((match) => match[1]!)
          .filter((name) => !Object.hasOwn(scripts, name))
          .map((name) => `${document} names npm run ${name}`),
      ),
      ...documents.flatMap((document) =>
        [...new Set(tree.text(document).match(/\bONETHING_[A-Z_]+\b/g))]
          .filter((name) => !known.has(name))
          .map((name) => `${document} names ${name}`),
      ),
      ...ofFrontPage.flatMap((document) =>
        [...settings]
          .filter((name) => !tree.text(document).includes(`\`${name}\``))
          .map((name) => `${document} does not name ${name}`),
      ),
    ];
  },
  refuses: [
    frontPages("`npm run fly`, `ONETHING_PORT`"),
    frontPages("`npm run demo`, `ONETHING_PORT`, `ONETHING_GONE`"),
    frontPages("`npm run demo`"),
    { ...frontPages("`ONETHING_PORT`"), "packages/p/README.md": "set `ONETHING_GONE`" },
  ],
  accepts: [
    {
      ...frontPages("`ONETHING_PORT`"),
      "packages/p/src/config.ts": "export const names = { ONETHING_TLS: 1 };",
      "deploy/README.md": "set `ONETHING_TLS`",
    },
    frontPages("`npm run --silent demo -- --json`, `npm start`, `ONETHING_PORT`; Node and npm are enough"),
  ],
};

function frontPages(text: string) {
  return {
    "package.json": '{ "scripts": { "demo": "", "start": "" } }',
    [settingsFile]: "export const names = { ONETHING_PORT: 1 };",
    ...Object.fromEntries(ofFrontPage.map((path) => [path, text])),
  };
}
