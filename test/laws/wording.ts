// Whatever people read is there in Chinese and in English.
import type { Law } from "./law.ts";
import { hole, isTest, type Module, type Node, nameOf, textOf } from "./tree.ts";

const refusals = /^(notFound|invalid|conflict|forbidden|unauthenticated|unavailable|exhausted)$/;
const chinese = /\p{Script=Han}/u;
const isFixed = (node: unknown): boolean =>
  /^(Literal|TemplateLiteral)$/.test((node as Node | undefined)?.type ?? "");

/** Empty, or in the other language. What is filled in may be anything, and no text at all is empty in both. */
function wrongWords(zh: unknown, en: unknown): string[] {
  if (isFixed(zh) && isFixed(en) && textOf(zh) === "" && textOf(en) === "") return [];
  if (nameOf(zh) === "en") return ["en stands in for zh"];
  const bare = (node: unknown) => textOf(node).replaceAll(hole, "");
  const filled = (node: unknown) => textOf(node) !== bare(node);
  return [
    ...(isFixed(zh) && bare(zh).trim() === "" && !filled(zh) ? ["zh is empty"] : []),
    ...(isFixed(en) && bare(en).trim() === "" && !filled(en) ? ["en is empty"] : []),
    ...(isFixed(zh) && /[A-Za-z]{3}/.test(bare(zh)) && !chinese.test(bare(zh)) && !filled(zh)
      ? ["zh is not Chinese"]
      : []),
    ...(isFixed(en) && chinese.test(bare(en)) ? ["en is Chinese"] : []),
  ];
}

function texts(module: Module): string[] {
  return module.nodes("ObjectExpression").flatMap((node) => {
    const properties = node.properties as Node[];
    const partOf = (key: string) =>
      properties.find((each) => each.type === "Property" && keyOf(each) === key)?.value;
    const [zh, en] = [partOf("zh"), partOf("en")];
    if (!zh && !en) return [];
    const spread = properties.some((each) => each.type === "SpreadElement");
    const missing = spread ? [] : [...(zh ? [] : ["zh is missing"]), ...(en ? [] : ["en is missing"])];
    return [...missing, ...wrongWords(zh, en)].map((what) => `${module.place(node)} ${what}`);
  });
}

const keyOf = (property: Node): string => nameOf(property.key) || textOf(property.key);

function refused(module: Module): string[] {
  return module.nodes("CallExpression").flatMap((node) => {
    if (!refusals.test(nameOf(node.callee))) return [];
    const [reason, zh, en] = node.arguments as Node[];
    if (!reason || reason.type === "SpreadElement" || zh?.type === "SpreadElement") return [];
    const missing = zh && en ? [] : ["zh or en is missing"];
    return [...missing, ...wrongWords(zh, en)].map((what) => `${module.place(node)} ${what}`);
  });
}

export const bothLanguages: Law = {
  says: "every text for people is there in zh and en, and neither stands in for the other",
  find: (tree) =>
    tree
      .modules("services", "packages")
      .filter(({ path }) => !isTest(path))
      .flatMap((module) => [...texts(module), ...refused(module)]),
  refuses: [
    { "services/a/src/x.ts": 'export const why = { zh: "不需要" };' },
    { "services/a/src/x.ts": 'export const why = { zh: "", en: "Not needed" };' },
    { "services/a/src/x.ts": 'export const why = { zh: "不需要", en: " " };' },
    { "services/a/src/x.ts": "export const why = { zh: en, en };" },
    { "services/a/src/x.ts": 'export const why = { zh: "Not needed", en: "Not needed" };' },
    { "services/a/src/x.ts": 'export const why = { zh: "不需要", en: "不需要" };' },
    { "services/a/src/x.ts": 'throw conflict("a.taken", "已被占用");' },
    { "services/a/src/x.ts": 'throw conflict("a.taken", "已被占用", "");' },
    { "services/a/src/x.ts": `throw conflict("a.taken", "taken", \`\${who} 已占用\`);` },
  ],
  accepts: [
    {
      "services/a/src/x.ts": `export const why = { zh: \`\${name}不需要\`, en: \`\${name} is not needed\` };
        export const same = { ...why, en: "Not needed" };
        export const both = { zh: words.zh, en: words.en };
        throw conflict("a.taken", "已被占用", "Taken", { by });`,
    },
  ],
};
