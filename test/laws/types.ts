// The compiler is asked, never silenced.
import type { Law } from "./law.ts";

const silenced = /@ts-(ignore|expect-error|nocheck)\b|biome-ignore-all|eslint-disable|(?:TODO|FIXME|XXX)\b/g;
const unexplained = /biome-ignore(?!-all)(?![^\n]*: \S)/g;

export const honestTypes: Law = {
  says: "no any, no @ts-ignore, no lint rule switched off without a reason, nothing left for later",
  find: (tree) =>
    tree
      .modules()
      .filter(({ path }) => path !== "test/laws/types.ts")
      .flatMap((module) => [
        ...module.nodes("TSAnyKeyword").map((node) => `${module.place(node)} any`),
        ...[silenced, unexplained].flatMap((pattern) =>
          [...module.text.matchAll(pattern)].map((match) => `${module.place(match.index)} ${match[0]}`),
        ),
      ]),
  refuses: [
    { "services/a/src/x.ts": "export const x = 1 as any;" },
    { "services/a/src/x.ts": "// @ts-ignore\nexport const x: string = 1;" },
    { "services/a/src/x.ts": "// biome-ignore lint/style/useConst\nexport let x = 1;" },
    { "services/a/src/x.ts": "// TODO: later\nexport const x = 1;" },
  ],
  accepts: [
    {
      "services/a/src/x.ts":
        "// any of them\n// biome-ignore lint/style/useConst: set by the loop below\nexport let any = 1;",
    },
  ],
};
