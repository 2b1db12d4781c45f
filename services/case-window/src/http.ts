// The citizen's and the clerk's door.
import { notFound } from "@onething/kernel/errors";
import {
  type Api,
  authenticated,
  bearer,
  createRoute,
  idempotencyKey,
  json,
  jsonBody,
  problemResponses,
  routes,
  z,
} from "@onething/service/http";
import type { Caller, ServiceDeps } from "@onething/service/types";
import type { Deps } from "./deps.ts";
import type { CaseState } from "./domain/case.ts";
import { actRoutes } from "./http-acts.ts";
import { ledgerRoute } from "./http-ledger.ts";
import { liveRoute } from "./http-live.ts";
import { PreviewView, previewView, QuestionView, questionView } from "./preview-view.ts";
import { findCase, listCases } from "./store.ts";
import { answer } from "./verbs/answer.ts";
import { askQuestions } from "./verbs/ask-questions.ts";
import { openCase } from "./verbs/open-case.ts";
import { preview } from "./verbs/preview.ts";
import { glance, readCase } from "./verbs/read-case.ts";
import { readResults } from "./verbs/read-results.ts";
import { submitCase } from "./verbs/submit.ts";
import { CaseView, caseView, ReceiptView, ResultView, receiptView, resultView } from "./view.ts";

const values = z.record(z.string().max(64), z.string().max(2000));
const codes = z.array(z.string().max(128)).max(200);
const Person = z.object({ identityNumber: z.string().max(18), name: z.string().max(100) });
const People = z.array(Person.extend({ role: z.string().max(64) })).max(50);

const Opened = z.object({ id: z.string() }).openapi("OpenedCase");
const Submitted = z
  .object({ id: z.string(), number: z.string(), status: z.string() })
  .openapi("SubmittedCase");
const New = z
  .object({ bundle: z.string().max(64), applicant: Person.optional(), people: People.default([]) })
  .openapi("NewCase");
const Answered = z.object({ answers: values, people: People.optional() }).openapi("Answers");
const Submission = z
  .object({
    form: values.default({}),
    consents: codes.default([]),
    statements: codes.default([]),
    originalsSeen: codes.default([]),
  })
  .openapi("Submission");

const params = z.object({ id: z.uuid() });
const tags = ["办件 · Cases"];
const security = bearer("citizen", "clerk");

export function createRoutes(deps: Deps & Pick<ServiceDeps, "authenticate" | "log">): Api {
  const api = routes(deps);
  const caseOf = async (caller: Caller, id: string): Promise<CaseState> => {
    const state = await findCase(deps.db, caller, id);
    if (state) return state;
    throw notFound(
      "case.not_found",
      "没有找到这个办件，或您无权查看",
      "There is no such case, or it is not yours to see",
    );
  };
  const view = async (state: CaseState) => caseView(state, await readCase(deps, state));

  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/cases",
      summary: "开始办理 · Start a case",
      tags,
      security,
      request: { body: jsonBody(New) },
      responses: {
        201: json(Opened, "草稿已建立 · Draft opened"),
        ...problemResponses(400, 403, 404, 409, 429, 503),
      },
    }),
    async (c) => c.json(await openCase(deps, authenticated(c), idempotencyKey(c), c.req.valid("json")), 201),
  );

  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases",
      summary: "我的办件 · My cases",
      tags,
      security,
      request: {
        query: z.object({
          cursor: z.uuid().optional(),
          limit: z.coerce.number().int().min(1).max(100).default(20),
        }),
      },
      responses: {
        200: json(
          z.object({ cases: z.array(CaseView), nextCursor: z.string().nullable() }),
          "一页 · One page",
        ),
        ...problemResponses(400),
      },
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid("query");
      const states = await listCases(deps.db, authenticated(c), {
        ...(cursor ? { before: cursor } : {}),
        limit,
      });
      const nextCursor = states.length === limit ? (states.at(-1)?.id ?? null) : null;
      return c.json(
        {
          cases: states.map((state) => caseView(state, { ...glance(deps, state), timeline: [] })),
          nextCursor,
        },
        200,
      );
    },
  );

  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases/{id}",
      summary: "办件进度 · A case and its timeline",
      tags,
      security,
      request: { params },
      responses: { 200: json(CaseView, "办件 · The case"), ...problemResponses(404) },
    }),
    async (c) => c.json(await view(await caseOf(authenticated(c), c.req.valid("param").id)), 200),
  );

  liveRoute(api, deps, caseOf);
  ledgerRoute(api, deps, caseOf);

  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases/{id}/questions",
      summary: "情形问题 · Situation questions, answered where the evidence knows",
      tags,
      security,
      request: { params },
      responses: {
        200: json(z.object({ questions: z.array(QuestionView) }), "问题 · Questions"),
        ...problemResponses(404, 503),
      },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json(
        { questions: (await askQuestions(deps, authenticated(c), state)).map(questionView) },
        200,
      );
    },
  );

  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/cases/{id}/answers",
      summary: "回答情形问题 · Answer the questions",
      tags,
      security,
      request: { params, body: jsonBody(Answered) },
      responses: { 200: json(Opened, "已生成方案 · Planned"), ...problemResponses(400, 404, 409, 429, 503) },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json(await answer(deps, authenticated(c), idempotencyKey(c), state, c.req.valid("json")), 200);
    },
  );

  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases/{id}/preview",
      summary: "提交前预览 · What will be used, what is known, what is missing",
      tags,
      security,
      request: { params },
      responses: { 200: json(PreviewView, "预览 · Preview"), ...problemResponses(404, 409, 503) },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json(previewView(state, await preview(deps, authenticated(c), state)), 200);
    },
  );

  api.openapi(
    createRoute({
      method: "post",
      path: "/api/v1/cases/{id}/submit",
      summary: "提交 · Submit, once",
      tags,
      security,
      request: { params, body: jsonBody(Submission) },
      responses: {
        200: json(Submitted, "已提交 · Submitted"),
        ...problemResponses(400, 403, 404, 409, 429, 503),
      },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json(
        await submitCase(deps, authenticated(c), idempotencyKey(c), state, c.req.valid("json")),
        200,
      );
    },
  );

  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases/{id}/receipts",
      summary: "证明凭据 · Why the platform believes what it believes",
      tags,
      security,
      request: { params },
      responses: {
        200: json(z.object({ receipts: z.array(ReceiptView) }), "凭据 · Receipts"),
        ...problemResponses(404),
      },
    }),
    async (c) => {
      const { receipts } = await caseOf(authenticated(c), c.req.valid("param").id);
      return c.json({ receipts: receipts.map(receiptView) }, 200);
    },
  );

  api.openapi(
    createRoute({
      method: "get",
      path: "/api/v1/cases/{id}/results",
      summary: "办理结果 · Licences and registrations that came out",
      tags,
      security,
      request: { params },
      responses: {
        200: json(z.object({ results: z.array(ResultView) }), "结果 · Results"),
        ...problemResponses(404, 503),
      },
    }),
    async (c) => {
      const state = await caseOf(authenticated(c), c.req.valid("param").id);
      const results = await readResults(deps, authenticated(c), state);
      return c.json({ results: results.map((each) => resultView(state, each)) }, 200);
    },
  );

  actRoutes(api, deps, caseOf);
  return api;
}
