import { afterAll, beforeAll, expect, test } from "vitest";
import { clerkOfTax, type Desk, li, open, police, startDesk } from "../service.fixture.ts";

let desk: Desk;
beforeAll(async () => {
  desk = await startDesk();
});
afterAll(() => desk.stop());

/** Reads the stream until `count` pieces of work have come. */
async function take(count: number, after = "", person = police) {
  const ids: string[] = [];
  let cursor = after;
  for await (const message of desk.system(person).watchWork({ after })) {
    ids.push(message.work!.id);
    cursor = message.cursor;
    if (ids.length === count) break;
  }
  return { ids, cursor };
}

test("what is open comes first, then whatever comes, each once; a cut stream goes on from its cursor without loss", async () => {
  const before = [await open(desk), await open(desk), await open(desk)].map(({ id }) => id);
  const first = await take(2);
  const second = await take(1, first.cursor);
  expect([...first.ids, ...second.ids]).toEqual(before);

  const live = take(3, second.cursor);
  const later = (await Promise.all([open(desk), open(desk), open(desk)])).map(({ id }) => id);
  expect((await live).ids.toSorted()).toEqual(later.toSorted());
});

test("work whose transaction commits after a younger one is not lost behind the cursor", async () => {
  const { cursor } = await take((await desk.system(police).listWork({ limit: 500 })).work.length);
  const { id: model } = await open(desk);
  let reading: ReturnType<typeof take> | undefined;
  let fast = "";
  await desk.db.withClient(async (slow) => {
    await slow.query("begin");
    await slow.query(
      `insert into approval (id, version, hash, state)
       select 'slow', version, hash, jsonb_set(state, '{id}', '"slow"') from approval where id = $1`,
      [model],
    );
    fast = (await open(desk)).id;
    reading = take(3, cursor);
    // The stream has had a look, and more than one, while the older transaction is still open.
    for (let i = 0; i < 5; i++) await take(1);
    await slow.query("commit");
  });
  expect((await reading)?.ids).toEqual([model, "slow", fast]);
});

test("another department's work is not in the stream", async () => {
  const { id } = await open(desk, { item: { department: { code: "tax", name: undefined, uscc: "" } } });
  expect((await take(1, "", { ...clerkOfTax })).ids).toEqual([id]);
});

test("decided work is not sent to whoever starts from the beginning", async () => {
  const { id } = await open(desk);
  await desk.call(li, "POST", `/api/v1/work/${id}/decision`, { refuse: { reasons: [{ zh: "不符" }] } });
  const stillOpen = (await desk.system(police).listWork({ limit: 500 })).work.map((work) => work.id);
  expect((await take(stillOpen.length)).ids).not.toContain(id);
});

test("a cursor that is not ours is refused in words", async () => {
  for (const cursor of ["nonsense", Buffer.from('["1;drop","x"]').toString("base64url")])
    await expect(take(1, cursor)).rejects.toMatchObject({ code: "invalid", reason: "cursor.invalid" });
});
