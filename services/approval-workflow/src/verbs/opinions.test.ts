// Second opinions at the doors: of other departments, and of an officer on what a rule has decided. And what a list finds.
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  clerkOfTax,
  type Desk,
  type Detail,
  li,
  open,
  type Page,
  police,
  startDesk,
  wang,
} from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

const words = { zh: "说明", en: "words" };
interface Asked {
  id: string;
  reason: string;
}

test("another department is asked, sees the question and nothing of the data, and answers once", async () => {
  const { id } = await open(desk, { form: { childName: "王小明" } });
  const question = { department: "tax", question: { zh: "是否欠税", en: "" }, days: 5 };
  const path = `/api/v1/work/${id}/consultations`;
  const asked = await desk.call<Asked>(li, "POST", path, question, "consult-once");
  expect(asked).toMatchObject({ status: 201, body: { asked: "tax", answerBy: "2026-09-24" } });
  expect((await desk.call<Asked>(li, "POST", path, question, "consult-once")).body.id).toBe(asked.body.id);

  const seen = await desk.call<{ consultations: object[] }>(clerkOfTax, "GET", "/api/v1/consultations");
  expect(seen.body.consultations).toEqual([asked.body]);
  expect(JSON.stringify(seen.body)).not.toContain("王小明");
  const answer = `/api/v1/consultations/${asked.body.id}/answer`;
  expect((await desk.call<Asked>(wang, "POST", answer, { agrees: true, opinion: words })).body.reason).toBe(
    "consultation.not_found",
  );
  await desk.call(clerkOfTax, "POST", answer, { agrees: true, opinion: words });
  expect(
    (await desk.call<Asked>(clerkOfTax, "POST", answer, { agrees: false, opinion: words })).body.reason,
  ).toBe("consultation.answered");
  const detail = (await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`)).body;
  expect(detail.consultations).toMatchObject([
    { agrees: true, opinion: words, answeredAt: expect.any(String) },
  ]);
});

test("a question to one's own department, without words, too long, or about what is decided is refused", async () => {
  const { id } = await open(desk);
  const ask = async (body: object) =>
    (await desk.call<Asked>(li, "POST", `/api/v1/work/${id}/consultations`, body)).body.reason;
  const right = { department: "tax", question: words, days: 5 };
  expect(await ask({ ...right, department: "police" })).toBe("consultation.own_department");
  expect(await ask({ ...right, question: { zh: " " } })).toBe("approval.words_missing");
  expect(await ask({ ...right, question: { zh: "430999199001010019 怎么样" } })).toBe(
    "approval.words_invalid",
  );
  expect(await ask({ ...right, days: 21 })).toBe("approval.days_invalid");
  await desk.call(li, "POST", `/api/v1/work/${id}/decision`, { refuse: { reasons: [words] } });
  expect(await ask(right)).toBe("approval.not_in_hand");
});

test("some automatic decisions are drawn; an officer looks at them again, once, and the decision says why it was made", async () => {
  const automatic = {
    ...{ code: "A1", handling: "automatic", result: [] },
    conditions: [{ id: "c", rule: "true", why: { zh: "条件成立", en: "it holds" } }],
  };
  const drawn: string[] = [];
  for (let i = 0; i < 400 && drawn.length === 0; i++) {
    await open(desk, { item: automatic });
    if (i % 20 === 19) drawn.push(...(await list("secondLooks=true")));
  }
  const [id] = drawn;
  const look = { upheld: true, opinion: words };
  const path = `/api/v1/work/${id}/second-look`;
  expect((await desk.call(li, "POST", path, look)).body).toMatchObject({ secondLook: "upheld" });
  expect((await desk.call(wang, "POST", path, look)).body.reason).toBe("approval.no_second_look");
  expect(await list("secondLooks=true")).not.toContain(id);
  const detail = (await desk.call<Detail>(li, "GET", `/api/v1/work/${id}`)).body;
  expect(detail.because).toEqual([{ zh: "条件成立", en: "it holds" }]);
});

const list = async (query: string) =>
  (await desk.call<Page>(li, "GET", `/api/v1/work?limit=500&${query}`)).body.work.map(({ id }) => id);

test("a list is narrowed by date, by item and to one's own; a stream to its items", async () => {
  const soon = await open(desk, {
    item: { code: "S1", promised: { n: 1, unit: "workingDay", from: "accepted" } },
  });
  const late = await open(desk, {
    item: { code: "S2", promised: { n: 20, unit: "workingDay", from: "accepted" } },
  });
  await desk.call(wang, "POST", `/api/v1/work/${late.id}/claim`);
  expect(await list("dueBy=2026-09-20&item=S1&item=S2")).toEqual([soon.id]);
  expect((await desk.call(li, "GET", "/api/v1/work?dueBy=soon")).body.reason).toBe("approval.date_invalid");
  expect(await list("mine=true&item=S2")).toEqual([]);
  const mine = await desk.call<Page>(wang, "GET", "/api/v1/work?mine=true");
  expect(mine.body.work.map(({ id }) => id)).toEqual([late.id]);
  for await (const { work } of desk.system(police).watchWork({ after: "", items: ["S2"] })) {
    expect(work!.id).toBe(late.id);
    break;
  }
});
