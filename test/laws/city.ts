// The catalogue is data: no program names what stands in a city's files.
import { parse } from "yaml";
import type { Law } from "./law.ts";
import { isTest, type Tree } from "./tree.ts";

const folder = "deploy/sample-city/";
/** Words of a city that are also words of the catalogue's language: who a role is found as. */
const ofTheLanguage = new Set(["applicant"]);
/** Role names that plain sentences need: a case has an applicant in every city. */
const plainWords = new Set(["申请人"]);

interface Named {
  code?: unknown;
  name?: { zh?: unknown };
  roles?: Named[];
}

interface Words {
  /** Distinctive by themselves: wherever a text holds them. */
  distinctive: Map<string, RegExp>;
  /** Everyday English words: only where they are the whole text. */
  everyday: Set<string>;
  names: Set<string>;
}

function wordsOf(tree: Tree): Words {
  const named = tree.paths
    .filter((path) => path.startsWith(folder) && /\.ya?ml$/.test(path))
    .map((path) => parse(tree.text(path)) as Record<string, Named[] | undefined>)
    .flatMap(({ bundles = [], items = [], evidence = [] }) => [
      ...bundles,
      ...bundles.flatMap(({ roles = [] }) => roles),
      ...items,
      ...evidence,
    ]);
  const codes = named.flatMap(({ code }) =>
    typeof code === "string" && !ofTheLanguage.has(code) ? [code] : [],
  );
  const distinctive = codes.filter((code) => /[-\d]/.test(code));
  return {
    distinctive: new Map(distinctive.map((code) => [code, new RegExp(`(?<![\\w-])${code}(?![\\w-])`)])),
    everyday: new Set(codes.filter((code) => !/[-\d]/.test(code))),
    names: new Set(
      named.flatMap(({ name }) =>
        typeof name?.zh === "string" && !plainWords.has(name.zh) ? [name.zh] : [],
      ),
    ),
  };
}

export const catalogueIsData: Law = {
  says: "no service or package names a bundle, an item, an evidence type or a role of the sample city",
  find: (tree) => {
    const { distinctive, everyday, names } = wordsOf(tree);
    return tree
      .modules("services", "packages")
      .filter(({ path }) => !isTest(path))
      .flatMap((module) => {
        const identifiers = module.nodes("Identifier").map((at) => ({ value: at.name as string, at }));
        return [
          ...[...module.strings, ...identifiers].flatMap(({ value, at }) =>
            [...distinctive].filter(([, code]) => code.test(value)).map(([code]) => ({ at, code })),
          ),
          ...module.strings
            .filter(({ value }) => everyday.has(value))
            .map(({ value, at }) => ({ at, code: value })),
          ...module.strings.flatMap(({ value, at }) =>
            [...names].filter((name) => value.includes(name)).map((code) => ({ at, code })),
          ),
        ].map(({ at, code }) => `${module.place(at)} names ${code}`);
      });
  },
  refuses: [
    { ...city(), "services/a/src/x.ts": 'export const first = "X1";' },
    { ...city(), "services/a/src/x.ts": "export const rank = { X1: 1 };" },
    { ...city(), "services/a/src/x.ts": 'export const who = role === "sister";' },
    { ...city(), "packages/p/src/x.ts": `export const q = \`the sail-permit of \${who}\`;` },
    { ...city(), "services/a/src/x.ts": 'export const title = "请出示航行许可证";' },
    { ...city(), "services/department-simulator/src/x.ts": 'export const bundle = "sailing";' },
  ],
  accepts: [
    {
      ...city(),
      "services/a/src/x.ts":
        'export const found = "applicant"; export const sister = "my sister ship"; export const X12 = "X1-a";',
      "services/a/src/x.test.ts": 'export const first = "X1";',
    },
  ],
};

function city() {
  return {
    [`${folder}sailing.yaml`]: `bundles:
  - { code: sailing, name: { zh: 出海一件事 }, roles: [{ code: sister, name: { zh: 姐妹 } }, { code: applicant }] }
items: [{ code: X1, name: { zh: 出海登记 } }]
evidence: [{ code: sail-permit, name: { zh: 航行许可证 } }]
`,
  };
}
