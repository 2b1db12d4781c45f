// What `npm start` says once it runs: where to look, whom to sign in as, what to try first.
import type { Account } from "./accounts.ts";
import type { Config } from "./config.ts";
import { pad, widthOf } from "./demo/width.ts";
import type { Running } from "./running.ts";

const roleNames = {
  citizen: "群众 Citizen",
  clerk: "窗口 Clerk",
  officer: "部门 Officer",
  operator: "运维 Operator",
} as const;
const shown = 4;

export function greeting(running: Running, config: Config): string {
  const { platform, city } = running;
  return [
    "",
    `一件事一次办 · onething    ${city.catalogue.city.name.zh} · ${city.catalogue.city.name.en}`,
    "",
    ...rows([
      ["接口说明 Docs", `${platform.url}/docs`],
      ["HTTP", `${platform.url}/api/v1    OpenAPI: ${platform.url}/openapi.json`],
      ["gRPC", `${platform.grpcAddress}    部门接口，可反射 · for departments, reflection on`],
      ["数据 Data", config.databaseUrl ? "ONETHING_DATABASE_URL" : config.data],
      ...(running.storage.note ? [["", running.storage.note] as const] : []),
      ["模拟器 Simulator", simulated(running, config)],
    ]),
    "",
    ...signIn(platform.sample.accounts, platform.url),
    ...outdated(platform.sample.outdated),
    ...(city.others.demo ? ["  看一遍完整办理 See a whole case: npm run demo"] : []),
    "  按 Ctrl-C 停止，再启动接着办 · Ctrl-C stops; started again it goes on where it was",
  ].join("\n");
}

function simulated({ simulator }: Running, { officers }: Config): string {
  if (!simulator) return "未运行：登记系统和经办人都是真实的 · off: registers and officers are real";
  return officers
    ? "运行中：登记系统和各部门经办人由它扮演，不是真实部门\non: it plays the registers and the officers; no department is real"
    : "运行中：只扮演登记系统，事项等部门来办\non: it plays the registers alone; work waits for the departments";
}

function signIn(accounts: readonly Account[], url: string): string[] {
  const [first] = accounts;
  if (!first) return ["  这个城市没有示例账号 · This city has no sample accounts", ""];
  const passwords = new Set(accounts.map((each) => each.password));
  const password = passwords.size === 1 ? `，密码都是 password for all: ${first.password}` : "";
  const body = JSON.stringify({ username: first.username, password: first.password });
  return [
    `  示例账号 Sample accounts${password}`,
    ...rows(
      Object.entries(roleNames).flatMap(([role, name]) => {
        const list = accounts.filter((each) => each.role === role);
        const more = list.length > shown ? ` …（共 ${list.length} 个 in all）` : "";
        const names = list.slice(0, shown).map((each) => `${each.username} ${each.name.zh}`);
        return list.length > 0 ? [[`  ${name}`, `${names.join("，")}${more}`] as const] : [];
      }),
    ),
    "",
    "  登录 Sign in:",
    `    curl -s ${url}/api/v1/sessions -H 'content-type: application/json' -d '${body}'`,
    "",
  ];
}

const outdated = (count: number): string[] =>
  count === 0
    ? []
    : [
        `  示例证照载入后改过、这里仍照原样的有 ${count} 份；要用新的，请用 ONETHING_DATA 换一个数据目录`,
        `  Sample licences changed since they were loaded, left as they were: ${count}; for the new ones name another ONETHING_DATA`,
        "",
      ];

/** Two columns; further lines of the second stand under its first. */
function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const width = 2 + Math.max(...pairs.map(([name]) => widthOf(name)));
  return pairs.flatMap(([name, text]) =>
    text.split("\n").map((line, i) => `  ${i === 0 ? pad(name, width) : " ".repeat(width)}${line}`),
  );
}
