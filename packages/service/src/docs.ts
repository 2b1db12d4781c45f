// The routes as a page for people, made from the OpenAPI document. One self-contained HTML file: no script, no outside
// asset, Chinese first with English beside it.
import type { OpenAPIHono } from "@hono/zod-openapi";
import { style } from "./docs-style.ts";
import { type Field, fieldsOf, type Schema } from "./schema-fields.ts";
import type { Role } from "./types.ts";
import { pagePolicy, quoted } from "./web-page.ts";

type OpenApiDocument = ReturnType<OpenAPIHono["getOpenAPI31Document"]>;

interface Content {
  description?: string;
  content?: Record<string, { schema?: Schema }>;
}
interface Parameter {
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}
interface Operation {
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Array<Record<string, string[]>>;
  parameters?: Parameter[];
  requestBody?: Content;
  responses: Record<string, Content>;
}
interface Entry {
  verb: string;
  path: string;
  id: string;
  operation: Operation;
}

const roleNames: Record<Role, string> = {
  citizen: "群众 citizen",
  clerk: "窗口人员 clerk",
  officer: "部门经办人 officer",
  operator: "运行管理员 operator",
  department: "部门系统 department",
  service: "平台服务 service",
};

/** The page, and the content security policy that lets it show its own style and nothing else. */
export const docsPage = (document: OpenApiDocument): { html: string; policy: string } => ({
  html: page(document),
  policy: pagePolicy(style),
});

function page(document: OpenApiDocument): string {
  const groups = grouped(document);
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  const title = quoted(document.info.title);
  const contents = groups.map(
    ([tag, entries]) =>
      `<h3>${quoted(tag)}</h3><ul>${entries
        .map(
          ({ verb, path, id }) =>
            `<li><a href="#${id}"><span class="verb ${verb}">${verb}</span> <code>${quoted(path)}</code></a></li>`,
        )
        .join("")}</ul>`,
  );
  const chapters = groups.map(
    ([tag, entries]) =>
      `<section><h2>${quoted(tag)}</h2>${entries.map((entry) => route(entry, schemas)).join("")}</section>`,
  );
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · 接口说明</title><style>${style}</style></head><body>
<header><h1>${title}</h1>
<p>接口说明，版本 ${quoted(document.info.version)}。机器可读的同一份文档：<a href="/openapi.json">/openapi.json</a><br>
<span class="soft">API documentation. The same, for machines: /openapi.json</span></p>
<p>登录后以 <code>Authorization: Bearer …</code> 调用；POST 须带 <code>Idempotency-Key</code>，重发同一请求时保持不变，只办一次。<br>
<span class="soft">Call with your bearer token; every POST carries an Idempotency-Key, the same for a repeat, which is then done once.</span></p>
<p>不予受理时返回问题文档 <code>application/problem+json</code>（RFC 9457），含 <code>reason</code>、中文与英文。<br>
<span class="soft">A refusal is a problem document with a reason and words in Chinese and English.</span></p></header>
<main><nav aria-label="目录 Contents">${contents.join("")}</nav>${chapters.join("")}</main>
<footer class="soft">时刻为 UTC（ISO 8601），法定日期为北京时间日期。 Instants are UTC; legal dates are dates in China.</footer>
</body></html>`;
}

/** Routes by their first tag, in the order in which they were declared. */
function grouped(document: OpenApiDocument): Array<[string, Entry[]]> {
  const groups = new Map<string, Entry[]>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const [verb, operation] of Object.entries(item as Record<string, Operation>)) {
      const tag = operation.tags?.[0] ?? "其他 other";
      const id = `${verb}${path}`.replaceAll(/[^\w]+/g, "-");
      groups.set(tag, [...(groups.get(tag) ?? []), { verb, path, id, operation }]);
    }
  }
  return [...groups];
}

/** The id lies inside, so that a link to it opens the fold. */
function route({ verb, path, id, operation }: Entry, schemas: Record<string, Schema>): string {
  const { summary = "", description, parameters = [], requestBody, responses } = operation;
  const answers = Object.entries(responses);
  const good = answers.filter(([status]) => status < "400");
  const problems = answers
    .filter(([status]) => status >= "400")
    .map(([status, { description: words = "" }]) => [status, words]);
  const wanted = parameters.map((parameter) => [
    required(parameter.name, parameter.required === true),
    places[parameter.in] ?? quoted(parameter.in),
    quoted(parameter.description ?? parameter.schema?.description ?? ""),
  ]);
  return `<details><summary><span class="verb ${verb}">${verb}</span> <code>${quoted(path)}</code> ${quoted(summary)}</summary><div id="${id}">
${description ? `<p>${quoted(description)}</p>` : ""}
<h3>谁可以调用 · Who may call</h3><p>${callers(operation.security)}</p>
${block("参数 · Parameters", table(["名称 name", "位置 in", "说明 meaning"], wanted))}
${block("请求内容 · Body", fieldTable(bodyOf(requestBody), schemas))}
${good.map(([status, answer]) => block(`答复 ${status} · ${quoted(answer.description ?? "")}`, fieldTable(bodyOf(answer), schemas) || "<p>—</p>")).join("")}
${block(
  "不予受理 · Problems",
  table(
    ["状态 status", "含义 meaning"],
    problems.map((row) => row.map(quoted)),
  ),
)}
</div></details>`;
}

const places: Record<string, string> = {
  path: "路径 path",
  query: "查询 query",
  header: "请求头 header",
  cookie: "cookie",
};

function callers(security: Operation["security"]): string {
  const allowed = security?.[0]?.bearer;
  if (!allowed) return `<span class="role">任何人，无需登录 anyone</span>`;
  if (allowed.length === 0) return `<span class="role">任何已登录者 anyone signed in</span>`;
  return allowed
    .map((role) => `<span class="role">${quoted(roleNames[role as Role] ?? role)}</span>`)
    .join("");
}

const bodyOf = (content: Content | undefined): Schema | undefined =>
  Object.values(content?.content ?? {})[0]?.schema;

function fieldTable(schema: Schema | undefined, schemas: Record<string, Schema>): string {
  const rows = fieldsOf(schema, schemas).map((field: Field) => [
    required(field.path, field.required),
    `<code>${quoted(field.type)}</code>`,
    quoted(field.description),
  ]);
  return table(["字段 field", "类型 type", "说明 meaning"], rows);
}

const required = (name: string, must: boolean): string =>
  `<code>${quoted(name)}</code>${must ? ' <span class="must" title="必填 required">*</span>' : ""}`;

const block = (title: string, content: string): string => (content ? `<h3>${title}</h3>${content}` : "");

/** Cells are HTML already. */
function table(head: string[], rows: string[][]): string {
  if (rows.length === 0) return "";
  const cells = (tag: "th" | "td", row: string[]) =>
    `<tr>${row.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
  return `<table><thead>${cells("th", head)}</thead><tbody>${rows.map((row) => cells("td", row)).join("")}</tbody></table>`;
}
