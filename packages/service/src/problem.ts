// RFC 9457 problem documents: the one shape in which every HTTP door says no.
import { z } from "@hono/zod-openapi";
import { invalid, OnethingError, type Text } from "@onething/kernel/errors";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { HttpEnv } from "./http-env.ts";
import { type Log, report } from "./log.ts";
import { requestIdFrom, requestIdHeader } from "./request-id.ts";
import { httpStatus, wholeSeconds } from "./status.ts";

export const problemType = "application/problem+json";

export const Problem = z
  .object({
    type: z.string().describe("问题说明的地址 · address of the explanation"),
    title: z.string().describe("按 Accept-Language 的一句话 · one sentence in the language asked for"),
    status: z.int(),
    detail: z.string(),
    code: z
      .string()
      .describe(
        "invalid · unauthenticated · forbidden · not_found · conflict · exhausted · unavailable · internal",
      ),
    reason: z.string().describe("机器可读的原因 · machine-readable reason"),
    zh: z.string(),
    en: z.string(),
    fields: z
      .array(z.object({ field: z.string(), zh: z.string(), en: z.string() }))
      .optional()
      .describe("哪些字段有什么问题 · which fields, and what is wrong with each"),
    requestId: z.string(),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof Problem>;

const titles: Record<number, Text> = {
  400: { zh: "请求有误", en: "The request is not right" },
  401: { zh: "请先登录", en: "Please sign in" },
  403: { zh: "无权办理", en: "Not allowed" },
  404: { zh: "没有找到", en: "Not found" },
  409: { zh: "与现有情况冲突", en: "In conflict with what is there" },
  413: { zh: "内容过大", en: "Too large" },
  415: { zh: "格式不支持", en: "Unsupported format" },
  429: { zh: "请求过多", en: "Too many requests" },
  500: { zh: "系统内部错误", en: "Internal error" },
  503: { zh: "暂时无法办理", en: "Not available just now" },
};

export type Language = "zh" | "en";

/** zh unless the reader puts English first. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const wanted = (acceptLanguage ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", q] = part
        .trim()
        .toLowerCase()
        .split(/;\s*q=/);
      return { tag: tag.slice(0, 2), q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ tag, q }) => (tag === "zh" || tag === "en") && q > 0)
    .sort((a, b) => b.q - a.q);
  return wanted[0]?.tag === "en" ? "en" : "zh";
}

/** A request that HTTP itself has a finer status for than the code (413, 415). */
export class HttpRefusal extends OnethingError {
  readonly status: 413 | 415;
  constructor(status: 413 | 415, reason: string, text: Text) {
    super("invalid", reason, text);
    this.status = status;
  }
}

const internal: Text = {
  zh: "系统内部错误，请稍后再试；若仍不行，请把请求编号告诉工作人员",
  en: "Something went wrong on our side. Try again later; if it stays, give the request id to the staff",
};

export const statusOf = (error: unknown): number => {
  if (error instanceof HttpRefusal) return error.status;
  return error instanceof OnethingError ? httpStatus(error.code) : 500;
};

/** What people may read of an error. Only an OnethingError's public words leave; anything else is `internal`. */
export function problemOf(error: unknown, language: Language, requestId: string): Problem {
  const known = error instanceof OnethingError ? error : undefined;
  const status = statusOf(error);
  const text = known?.public ?? internal;
  const reason = known?.reason ?? "internal";
  const fields = known?.fields.map(({ field, text: { zh, en } }) => ({ field, zh, en })) ?? [];
  return {
    type: `https://onething.example/problems/${reason}`,
    title: titles[status]?.[language] ?? text[language],
    status,
    detail: text[language],
    code: known?.code ?? "internal",
    reason,
    zh: text.zh,
    en: text.en,
    ...(fields.length > 0 ? { fields } : {}),
    requestId,
  };
}

type ProblemStatus = 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 503;
interface ProblemResponse {
  description: string;
  content: { [problemType]: { schema: typeof Problem } };
}

/** The refusals of a route, for its `responses`: `...problemResponses(400, 404)`. */
export const problemResponses = <S extends ProblemStatus>(...statuses: S[]): Record<S, ProblemResponse> =>
  Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: `${titles[status]?.zh} · ${titles[status]?.en}`,
        content: { [problemType]: { schema: Problem } },
      },
    ]),
  ) as Record<S, ProblemResponse>;

/** The problem document of an error, in the reader's language. */
export function problem(error: unknown, c: Context<HttpEnv>): Response {
  const language = languageOf(c.req.header("accept-language"));
  const requestId: string = c.get("requestId") ?? requestIdFrom(c.req.header(requestIdHeader));
  const document = problemOf(error, language, requestId);
  const headers = new Headers({
    "content-type": problemType,
    "content-language": language === "zh" ? "zh-CN" : "en",
  });
  if (document.status === 401) headers.set("www-authenticate", "Bearer");
  if (error instanceof OnethingError && error.retryAfterMs !== undefined)
    headers.set("retry-after", String(wholeSeconds(error.retryAfterMs)));
  else if (document.status === 429) headers.set("retry-after", "1");
  return c.newResponse(JSON.stringify(document), statusOf(error) as 400, Object.fromEntries(headers));
}

/** Turns whatever was thrown into a problem; what we did not expect, and what is down, is written to the log. */
export function answer(log: Log, error: unknown, c: Context<HttpEnv>): Response {
  const known = error instanceof HTTPException ? refusalOf(error) : error;
  report(log, known, { requestId: c.get("requestId") });
  return problem(known, c);
}

function refusalOf(error: HTTPException): unknown {
  if (error.status === 400)
    return invalid("request.bad_json", "请求内容不是有效的 JSON", "The request body is not valid JSON");
  if (error.status === 415)
    return new HttpRefusal(415, "request.not_json", {
      zh: "请求内容须为 application/json",
      en: "The request body must be application/json",
    });
  return error;
}
