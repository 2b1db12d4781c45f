// `onething conform`: drives a department's register, or plays our side for a department's system, and reports how it did.
import { parseArgs } from "node:util";
import { RegisterServiceDefinition } from "@onething/contracts/register/v1/register";
import { readCity } from "@onething/item-catalog/city";
import { evidence as evidenceOf } from "@onething/item-catalog/contract";
import { invalid } from "@onething/kernel/errors";
import { isCitizenNumber } from "@onething/kernel/identity";
import { grpcClient } from "@onething/service/client";
import { mustHoldCertificate } from "@onething/service/tls";
import { readSettings } from "../commands/config.ts";
import { lackingIn, type PlayedItem, playedItems } from "./made-up.ts";
import { allDoes, type Does } from "./our-side.ts";
import { linesOfRegister } from "./register.ts";
import { both, report } from "./report.ts";
import { playOurSide } from "./system.ts";

const options = Object.fromEntries(
  [
    "address",
    "person",
    "evidence",
    "to",
    "within",
    "tls",
    "name",
    "department",
    "port",
    "host",
    "seconds",
    "does",
  ].map((name) => [name, { type: "string" as const }]),
);

type Given = Record<string, string | undefined>;

export async function runConform([what, ...more]: string[]): Promise<number> {
  if (what === "register") return conformRegister(read(more));
  if (what === "system") return conformSystem(read(more));
  throw misused("须为 register 或 system", "it is register or system");
}

function read(args: string[]): Given {
  try {
    return parseArgs({ args, options }).values as Given;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw misused(why, why);
  }
}

/** What the system does besides deciding: as it is told, else what the catalogue leaves to the department. */
function doesOf(given: Given, items: readonly PlayedItem[]): Does[] {
  const lackable = items.filter((item) => lackingIn(item).length > 0);
  if (given.does === undefined)
    return lackable.some(({ acceptance }) => acceptance === "department") ? ["supplement"] : [];
  const named = given.does.split(",").filter(Boolean);
  const unknown = named.find((each) => !allDoes.includes(each as Does));
  if (unknown !== undefined)
    throw misused(
      `--does 只能是 ${allDoes.join("、")}`,
      `--does is of ${allDoes.join(", ")}, not ${unknown}`,
    );
  if (named.includes("supplement") && lackable.length === 0)
    throw misused(
      "这个部门的事项都没有必填的表单，不能检验 supplement",
      "no item of this department has a form that must be filled in: supplement cannot be played",
    );
  if (named.includes("pause") && items.every(({ procedures }) => procedures.length === 0))
    throw misused(
      "这个部门的事项都没有特别程序，不能检验 pause",
      "no item of this department has a special procedure: pause cannot be played",
    );
  return named as Does[];
}

const misused = (zh: string, en: string) =>
  invalid(
    "conform.usage",
    `参数不对：${zh}；用法见 onething conform --help`,
    `Wrong arguments: ${en}; see onething conform --help`,
  );

function needed(given: Given, name: string): string {
  const value = given[name];
  if (value) return value;
  throw misused(`缺少 --${name}`, `--${name} is missing`);
}

function numberOf(given: Given, name: string, usual: number): number {
  const value = given[name] === undefined ? usual : Number(given[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw misused(`--${name} 应为正整数`, `--${name} is a whole number above 0`);
}

function personOf(given: Given, name: string): string {
  const number = given[name] ?? "";
  if (number === "" || isCitizenNumber(number)) return number;
  throw misused(`--${name} 不是有效的公民身份号码`, `--${name} is not a valid citizen number`);
}

async function conformRegister(given: Given): Promise<number> {
  const [address, code] = [needed(given, "address"), needed(given, "evidence")];
  needed(given, "person");
  const [person, to] = [personOf(given, "person"), personOf(given, "to")];
  const withinMs = numberOf(given, "within", 1_500);
  const { catalogue } = await readCity(readSettings("catalogue").catalogue);
  const type = catalogue.evidence.find((each) => each.code === code);
  if (!type) throw misused(`目录里没有证明 ${code}`, `there is no evidence ${code} in the catalogue`);
  if (given.tls) await mustHoldCertificate(given.tls);
  const client = grpcClient(RegisterServiceDefinition, address, {
    deadlineMs: withinMs,
    ...(given.tls ? { tls: { folder: given.tls, ...(given.name ? { name: given.name } : {}) } } : {}),
  });
  const about = { type: evidenceOf(catalogue, type), person, to, withinMs };
  try {
    return (await report(linesOfRegister(client, about), (line) => console.log(line))) ? 0 : 1;
  } finally {
    client.close();
  }
}

async function conformSystem(given: Given): Promise<number> {
  const [code, port] = [needed(given, "department"), needed(given, "port")];
  if (!/^\d{1,5}$/.test(port)) throw misused("--port 应为端口", "--port is a port");
  const seconds = numberOf(given, "seconds", 60);
  const { catalogue } = await readCity(readSettings("catalogue").catalogue);
  const items = playedItems(catalogue, code);
  if (items.length === 0)
    throw misused(`目录里没有 ${code} 的事项`, `there are no items of ${code} in the catalogue`);
  const address = `${given.host ?? "127.0.0.1"}:${port}`;
  const played = await playOurSide({
    ...{ department: code, items, address, seconds, tls: given.tls },
    does: doesOf(given, items),
  });
  const stop = () => played.stop();
  process.once("SIGINT", stop);
  console.error(
    both({
      zh: `等待 ${code} 的系统连接 ${played.address}，最多 ${seconds} 秒`,
      en: `Waiting for the system of ${code} at ${played.address}, ${seconds} s at most`,
    }),
  );
  const lines = await played.judged;
  process.off("SIGINT", stop);
  return (await report(lines, (line) => console.log(line))) ? 0 : 1;
}
