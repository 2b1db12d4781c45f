// Who may call what at the HTTP door: one row a route and thing, everybody in every row.
import type { Scene } from "./callers.ts";

export interface Row {
  /** Method and template as /openapi.json has them. */
  route: string;
  /** What is wanted: the template's parameters filled in. */
  path(scene: Scene): string;
  body?: (scene: Scene) => unknown;
  /** Status -> who gets it. Whoever is not named gets 403, without a token 401. */
  answers: Record<number, string>;
}

const citizens = "mother father stranger nobody";
const officers = "hospital police health";
const all = `${citizens} clerk ${officers} deskless operator hospitalSystem policeSystem healthSystem service`;
const but = (who: string) =>
  all
    .split(" ")
    .filter((name) => !who.split(" ").includes(name))
    .join(" ");
const same = (route: string) => () => route.split(" ")[1]!;

/** Rows for the three cases: at each, who is let in, and what the state of the case then says. */
const onCase = (
  verb: string,
  in_: Record<"home" | "draft" | "window", Record<number, string>>,
  body?: unknown,
): Row[] =>
  (["home", "draft", "window"] as const).map((which) => ({
    route: verb.replace("CASE", "/api/v1/cases/{id}").replace("/items/B1/", "/items/{item}/"),
    path: (s) => verb.split(" ")[1]!.replace("CASE", s[which]),
    ...(body === undefined ? {} : { body: () => body }),
    answers: in_[which],
  }));
/** What may be read of a case by whoever sees it, and is not there for others. */
const seen = {
  home: { 200: "mother father", 404: "stranger nobody clerk" },
  draft: { 200: "mother", 404: "father stranger nobody clerk" },
  window: { 200: "clerk", 404: citizens },
};
/** What only the applicant, or the window that took it in, may do. `running`: what a running case answers to them. */
const own = (running: number, early: number) => ({
  home: { [running]: "mother", 403: "father", 404: "stranger nobody clerk" },
  draft: { [early]: "mother", 404: "father stranger nobody clerk" },
  window: { [running]: "clerk", 404: citizens },
});

const words = { zh: "说明", en: "words" };
/** On the hospital's desk; other departments do not find it. */
const onWork = (verb: string, status: number, body: object): Row[] => [
  {
    route: `post /api/v1/work/{id}/${verb}`,
    path: ({ work }) => `/api/v1/work/${work}/${verb}`,
    body: () => body,
    answers: { [status]: "hospital", 404: "police health" },
  },
];
const badResult = { grant: { result: { number: "" } } };
export const rows: Row[] = [
  {
    route: "get /.well-known/jwks.json",
    path: () => "/.well-known/jwks.json",
    answers: { 200: `none ${all}` },
  },
  {
    route: "post /api/v1/sessions",
    path: () => "/api/v1/sessions",
    body: () => ({ username: "mother", password: "guess" }),
    answers: { 401: all },
  },
  { route: "get /api/v1/bundles", path: same("get /api/v1/bundles"), answers: { 200: all } },
  { route: "get /api/v1/bundles/{code}", path: () => "/api/v1/bundles/birth", answers: { 200: all } },
  {
    route: "post /api/v1/bundles/{code}/plan",
    path: () => "/api/v1/bundles/birth/plan",
    body: () => ({ answers: {} }),
    answers: { 400: all },
  },

  { route: "get /api/v1/licences", path: same("get /api/v1/licences"), answers: { 200: citizens } },
  {
    route: "get /api/v1/licences/{identifier}",
    path: ({ licence }) => `/api/v1/licences/${licence}`,
    answers: { 200: "mother police policeSystem", 404: but("mother police policeSystem") },
  },
  { route: "get /api/v1/access-log", path: same("get /api/v1/access-log"), answers: { 200: citizens } },

  {
    route: "post /api/v1/cases",
    path: same("post /api/v1/cases"),
    body: () => ({ bundle: "birth" }),
    answers: { 201: "mother father stranger", 403: "nobody", 400: "clerk" },
  },
  { route: "get /api/v1/cases", path: same("get /api/v1/cases"), answers: { 200: `${citizens} clerk` } },
  ...onCase("get CASE", seen),
  ...onCase("get CASE/events", seen),
  ...onCase("get CASE/receipts", seen),
  // No day is counted before the submission.
  ...onCase("get CASE/ledger", { ...seen, draft: { 409: "mother", 404: "father stranger nobody clerk" } }),
  ...onCase("get CASE/results", seen),
  ...onCase("get CASE/questions", own(200, 200)),
  ...onCase("get CASE/preview", own(200, 200)),
  ...onCase("post CASE/answers", own(400, 400), { answers: { bornWithin: "never" } }),
  ...onCase("post CASE/submit", own(409, 400), { form: {}, consents: ["birth-record:child"] }),

  // Nothing waits for an answer, and nothing is held.
  ...onCase(
    "post CASE/items/B1/supplement",
    { ...own(409, 404), draft: { 404: "mother father stranger nobody clerk" } },
    { answers: [] },
  ),
  ...onCase("post CASE/continue", own(409, 409)),

  { route: "get /api/v1/work", path: () => "/api/v1/work?limit=500", answers: { 200: officers } },
  {
    route: "get /api/v1/papers",
    path: ({ home }) => `/api/v1/papers?case=${home.split("/").at(-1)}`,
    answers: { 200: `${citizens} clerk ${officers} deskless` },
  },
  {
    route: "get /api/v1/papers/{id}",
    path: ({ paper }) => `/api/v1/papers/${paper}`,
    answers: { 200: "mother father hospital", 404: "stranger nobody clerk police health deskless" },
  },
  {
    route: "get /api/v1/papers/{id}",
    path: ({ windowPaper }) => `/api/v1/papers/${windowPaper}`,
    answers: { 200: "clerk hospital", 404: `${citizens} police health deskless` },
  },
  {
    route: "get /api/v1/attachments",
    path: ({ home }) => `/api/v1/attachments?case=${home.split("/").at(-1)}`,
    answers: { 200: `${citizens} clerk` },
  },
  {
    route: "get /api/v1/attachments/{id}",
    path: ({ given }) => `/api/v1/attachments/${given}`,
    answers: { 200: "mother father", 404: "stranger nobody clerk" },
  },
  {
    route: "get /api/v1/attachments/{id}",
    path: ({ attachment }) => `/api/v1/attachments/${attachment}`,
    answers: { 404: `${citizens} clerk` },
  },
  {
    route: "get /api/v1/work/{id}/attachments",
    path: ({ work }) => `/api/v1/work/${work}/attachments`,
    answers: { 200: "hospital", 404: "police health" },
  },
  {
    route: "get /api/v1/work/{id}/attachments/{attachment}",
    path: ({ work, attachment }) => `/api/v1/work/${work}/attachments/${attachment}`,
    answers: { 200: "hospital", 404: "police health" },
  },
  {
    route: "post /api/v1/work/{id}/attachments",
    path: ({ work }) => `/api/v1/work/${work}/attachments?name=a.exe&purpose=p&sha256=none`,
    answers: { 400: "hospital", 404: "police health" },
  },
  {
    route: "get /api/v1/check/{code}",
    path: ({ checkCode }) => `/api/v1/check/${checkCode}`,
    answers: { 200: `none ${all}` },
  },
  {
    route: "get /api/v1/work/{id}",
    path: ({ work }) => `/api/v1/work/${work}`,
    answers: { 200: "hospital", 404: "police health" },
  },
  {
    route: "post /api/v1/work/{id}/claim",
    path: ({ work }) => `/api/v1/work/${work}/claim`,
    answers: { 200: "hospital", 404: "police health" },
  },
  {
    route: "post /api/v1/work/{id}/release",
    path: ({ work }) => `/api/v1/work/${work}/release`,
    answers: { 200: "hospital", 404: "police health" },
  },
  // The hospital has accepted it; what does not fit, or is not its turn, changes nothing.
  ...onWork("accept", 409, {}),
  ...onWork("correction", 400, { values: {} }),
  ...onWork("supplement", 409, { gaps: [] }),
  ...onWork("declining", 400, { ground: "none", reasons: [] }),
  ...onWork("pause", 409, { procedure: "hearing", reason: words, days: 1 }),
  ...onWork("resume", 409, { result: words }),
  ...onWork("extension", 400, { days: 0, reason: words, approvedBy: words }),
  ...onWork("referral", 409, {}),
  ...onWork("legality", 409, { lawful: true, opinion: words }),
  ...onWork("second-look", 409, { upheld: true, opinion: words }),
  ...onWork("delivery", 400, { how: "none" }),
  ...onWork("revocation", 400, { ground: "none", reasons: [] }),
  ...onWork("consultations", 400, { department: "maternity-hospital", question: words, days: 1 }),
  { route: "get /api/v1/consultations", path: same("get /api/v1/consultations"), answers: { 200: officers } },
  {
    route: "post /api/v1/consultations/{id}/answer",
    path: () => "/api/v1/consultations/nothing/answer",
    body: () => ({ agrees: true, opinion: words }),
    answers: { 404: officers },
  },
  { route: "get /api/v1/delegations", path: same("get /api/v1/delegations"), answers: { 200: officers } },
  {
    route: "post /api/v1/delegations",
    path: same("post /api/v1/delegations"),
    body: () => ({ representative: "a", powers: ["decide"], fromOn: "2026-11-24", untilOn: "2026-11-24" }),
    answers: {},
  },
  {
    route: "post /api/v1/delegations/{id}/end",
    path: () => "/api/v1/delegations/nothing/end",
    answers: {},
  },
  {
    route: "get /api/v1/supervision/departments",
    path: same("get /api/v1/supervision/departments"),
    answers: { 200: "operator" },
  },
  {
    route: "post /api/v1/work/{id}/decision",
    path: ({ work }) => `/api/v1/work/${work}/decision`,
    body: () => badResult,
    answers: { 400: "hospital", 404: "police health" },
  },
  {
    route: "post /api/v1/work/decisions",
    path: () => "/api/v1/work/decisions",
    body: ({ work }) => ({ decisions: [{ id: work, ...badResult }] }),
    answers: { 200: officers },
  },

  {
    route: "get /api/v1/operations/meters",
    path: same("get /api/v1/operations/meters"),
    answers: { 200: "operator" },
  },
  {
    route: "get /api/v1/operations/stuck",
    path: same("get /api/v1/operations/stuck"),
    answers: { 200: "operator" },
  },
  {
    route: "post /api/v1/operations/stuck/replay",
    path: same("post /api/v1/operations/stuck/replay"),
    body: () => ({ consumer: "nobody", caseId: "x" }),
    answers: { 404: "operator" },
  },

  // Last, for it ends the cases.
  ...onCase("post CASE/withdraw", own(200, 409)),
];
