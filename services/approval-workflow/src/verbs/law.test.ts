// The law at both doors, on a real database: what the domain's tests say of states holds for people with tokens.
import { citizenNumber } from "@onething/kernel/identity";
import { Metadata } from "nice-grpc-common";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Desk,
  type Detail,
  li,
  open,
  type Person,
  police,
  startDesk,
  typesOf,
  wang,
} from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
  await desk.service.start?.();
});
afterAll(() => desk.stop());

const careful = { acceptance: "department", formFields: ["name"], requirements: ["lease"] };
const reviewer: Person = { ...wang, sub: "reviewer", duties: ["legality"] };
const head: Person = { ...wang, sub: "head", duties: ["head"] };
const chief: Person = { ...wang, sub: "chief", duties: ["chief"] };
const words = { zh: "说明", en: "words" };
const at = (id: string, verb: string) => `/api/v1/work/${id}/${verb}`;
const does = (person: Person, id: string, verb: string, body: object = {}) =>
  desk.call(person, "POST", at(id, verb), body);
const number = citizenNumber("43099920260918001");
const grant = { grant: { result: { number, name: "王小明" } } };

test("accepted, paused, resumed, prolonged: the work tells its dates, its ledger and what may be done next", async () => {
  const { id } = await open(desk, { item: { ...careful, procedures: ["hearing"] } });
  const accepted = await does(li, id, "accept");
  expect(accepted.body).toMatchObject({
    status: "accepted",
    dueOn: "2026-09-24",
    light: "green",
    stopped: false,
  });
  expect(accepted.body.actions).toContain("pause");
  const paused = await does(li, id, "pause", { procedure: "hearing", reason: words, days: 5 });
  expect(paused.body).toMatchObject({
    status: "paused",
    stopped: true,
    actions: ["claim", "release", "resume", "attach"],
  });
  expect((await does(li, id, "decision", grant)).body.reason).toBe("approval.not_now");
  await does(li, id, "resume", { result: words });
  const extended = await does(li, id, "extension", { days: 10, reason: words, approvedBy: words });
  expect(extended.body.dueOn).toBe("2026-10-15");
  const detail = (await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`)).body;
  expect(detail).toMatchObject({
    procedures: [{ procedure: "hearing", result: words }],
    extension: { days: 10, approvedBy: words },
    work: { ledger: { department: 0, applicant: 0, pause: 0 } },
  });
});

test("a correction fits the form's schema, is sealed, and is shown", async () => {
  const schema = [{ name: "birthday", type: "date", required: true }];
  const { id } = await open(desk, { item: careful, form: { birthday: "2026-09-31" }, formSchema: schema });
  for (const values of [{}, { birthday: "soon" }, { other: "x" }])
    expect((await does(li, id, "correction", { values })).body.reason).toBe("approval.correction_invalid");
  expect((await does(li, id, "correction", { values: { birthday: "2026-09-30" } })).body.status).toBe(
    "accepted",
  );
  const detail = (await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`)).body;
  expect(detail.form).toEqual({ birthday: "2026-09-30" });
  const [row] = await desk.db.query<{ found: boolean }>(
    "select bool_or(payload::text like '%' || encode('2026-09-30'::bytea, 'hex') || '%') as found from event where stream = $1",
    [`approval/${id}`],
  );
  expect(row!.found).toBe(false);
});

test("silence accepts by itself when five working days are over, once, and says so", async () => {
  const { id } = await open(desk, { item: careful });
  expect((await desk.call(li, "GET", `/api/v1/work/${id}`)).status).toBe(200);
  const before = desk.clock.now;
  try {
    desk.clock.now = new Date("2026-09-24T16:00:01.000Z");
    await expect.poll(() => typesOf(desk, id), { timeout: 20_000 }).toContain("approval.accepted");
    expect(await typesOf(desk, id)).toEqual(["approval.opened", "approval.warned", "approval.accepted"]);
    expect((await does(li, id, "supplement", { gaps: [] })).body.reason).toBe("approval.not_now");
  } finally {
    desk.clock.now = before;
  }
});

test("what the legality review and the head must do is done by them, also under a delegation", async () => {
  const { id } = await open(desk, { item: { ...careful, legality: true, authority: "head" } });
  await does(li, id, "accept");
  await does(li, id, "referral");
  expect((await does(li, id, "legality", { lawful: true, opinion: words })).status).toBe(403);
  expect((await does(reviewer, id, "legality", { lawful: true, opinion: words })).body.status).toBe(
    "accepted",
  );
  await does(li, id, "release");
  expect((await does(wang, id, "decision", grant)).body.reason).toBe("approval.no_authority");
  expect((await does(chief, id, "decision", grant)).body.reason).toBe("approval.no_authority");
  const terms = {
    representative: "chief",
    items: ["X1"],
    powers: ["decide"],
    fromOn: "2026-09-18",
    untilOn: "2026-09-18",
  };
  expect((await desk.call(chief, "POST", "/api/v1/delegations", terms)).status).toBe(403);
  const given = await desk.call<{ id: string }>(head, "POST", "/api/v1/delegations", terms);
  expect(given.status).toBe(201);
  expect((await does(chief, id, "decision", grant)).body.status).toBe("granted");
  const history = await desk.service.journal.history({ name: "approval" }, id);
  expect(history.at(-1)).toMatchObject({ type: "approval.granted", data: { under: given.body.id } });
  const end = await desk.call<{ endedAt: string }>(head, "POST", `/api/v1/delegations/${given.body.id}/end`);
  expect(end.body.endedAt).not.toBe("");
  const other = await open(desk, { item: { authority: "head" } });
  expect((await does(chief, other.id, "decision", grant)).body.reason).toBe("approval.no_authority");
  const list = await desk.call<{ delegations: object[] }>(li, "GET", "/api/v1/delegations");
  expect(list.body.delegations).toHaveLength(1);
});

test("of a department's system it is told which officer acts inside it: two are two", async () => {
  const { id } = await open(desk, { item: { ...careful, twoOfficers: true } });
  const system = desk.system(police);
  const as = (officer: string) => ({ metadata: Metadata({ "onething-officer": officer }) });
  await system.accept({ id, idempotencyKey: "accept-by-zhang" }, as("zhang"));
  const decision = { id, decision: { $case: "refuse" as const, value: { reasons: [words] } } };
  await expect(
    system.decide({ ...decision, idempotencyKey: "refuse-by-zhang" }, as("zhang")),
  ).rejects.toMatchObject({ reason: "approval.two_officers" });
  const { work } = await system.decide({ ...decision, idempotencyKey: "refuse-by-sun" }, as("sun"));
  expect(work!.status).toBe("refused");
  await expect(
    system.accept({ id, idempotencyKey: "accept-by-nobody" }, as("not an account")),
  ).rejects.toMatchObject({ reason: "officer.invalid" });
});

test("work that comes back is offered in the stream again", async () => {
  const { id } = await open(desk, { item: { ...careful, procedures: ["testing"] } });
  const system = desk.system(police);
  const seen: string[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    for await (const { work } of system.watchWork({ after: "" }, { signal: stop.signal }))
      if (work!.id === id) seen.push(work!.status);
  })().catch(() => undefined);
  await expect.poll(() => seen).toEqual(["received"]);
  await system.accept({ id, idempotencyKey: "stream-accept" });
  await system.pause({ id, procedure: "testing", reason: words, days: 3, idempotencyKey: "stream-pause" });
  await system.resume({ id, result: words, idempotencyKey: "stream-resume" });
  await expect.poll(() => seen).toEqual(["received", "accepted"]);
  stop.abort();
  await watching;
});
