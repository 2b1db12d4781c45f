// Who may do what at the HTTP door: one row a route and thing, everybody in every row, and no more in an answer than its
// reader may know. A route without a row fails, and so does a row without a route.
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { type CallerName, callerOf, everybody, type Scene, setScene } from "./callers.ts";
import { type Row, rows } from "./http-rows.ts";

let city: City;
let scene: Scene;
beforeAll(async () => {
  city = await startCity({ play: { leave: ["B1", "B2", "B3", "B4", "B5", "B6", "B7"] } });
  scene = await setScene(city);
});
afterAll(() => city?.close());

const expected = ({ answers }: Row, name: CallerName): number => {
  const named = Object.entries(answers).find(([, who]) => who.split(" ").includes(name));
  return named ? Number(named[0]) : name === "none" ? 401 : 403;
};

async function call(row: Row, name: CallerName): Promise<{ status: number; text: string }> {
  const caller = callerOf(city, name);
  const [method] = row.route.split(" ");
  const response = await fetch(`${city.platform.url}${row.path(scene)}`, {
    method: method!.toUpperCase(),
    headers: {
      ...(caller ? { authorization: `Bearer ${await city.platform.issuer.sign(caller, 600)}` } : {}),
      ...(method === "post" ? { "idempotency-key": `row-${rows.indexOf(row)}-of-the-table` } : {}),
      ...(row.body ? { "content-type": "application/json" } : {}),
    },
    ...(row.body ? { body: JSON.stringify(row.body(scene)) } : {}),
  });
  return { status: response.status, text: await textOf(response) };
}

/** A stream of events does not end by itself while its case runs; what there is to tell comes at once. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) return response.text();
  const [reader, decoder] = [response.body!.getReader(), new TextDecoder()];
  const quiet = () => new Promise<undefined>((resolve) => setTimeout(resolve, 200, undefined));
  for (let text = ""; ; ) {
    const part = await Promise.race([reader.read(), quiet()]);
    if (part?.value) text += decoder.decode(part.value, { stream: true });
    if (part && !part.done) continue;
    await reader.cancel();
    return text;
  }
}

test("every route of the contract has its rows, and every row a route", async () => {
  const { paths } = await city.stranger.get<{ paths: Record<string, object> }>("/openapi.json");
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect([...new Set(rows.map(({ route }) => route))].sort()).toEqual(routes.sort());
});

test("lists hold what is one's own and nothing else", async () => {
  const door = async (name: string) => city.as(name);
  const idsOf = async (name: string) =>
    (await (await door(name)).get<{ cases: { id: string }[] }>("/api/v1/cases?limit=100")).cases.map(
      ({ id }) => id,
    );
  const idOf = (path: string) => path.split("/").at(-1);
  expect(await idsOf("mother")).toEqual(expect.arrayContaining([idOf(scene.home), idOf(scene.draft)]));
  expect(await idsOf("mother")).not.toContain(idOf(scene.window));
  const fathers = await idsOf("father");
  expect(fathers).toContain(idOf(scene.home));
  expect(fathers).not.toContain(idOf(scene.draft));
  expect(await idsOf("mother2")).toEqual([idOf(scene.window)]);
  expect(await idsOf("father2")).toEqual([idOf(scene.window)]);
  expect(await idsOf("clerk2")).toEqual([idOf(scene.window)]);
  const work = async (officer: string) =>
    (await (await door(officer)).get<{ work: { department: { code: string } }[] }>("/api/v1/work?limit=500"))
      .work;
  expect(
    new Set((await work("officer-maternity-hospital")).map(({ department }) => department.code)),
  ).toEqual(new Set(["maternity-hospital"]));
  expect(await work("officer-health")).toEqual([]);
});

test("everybody gets at every route exactly what the table says, and strangers read nothing of others", async () => {
  const wrong: string[] = [];
  const leaks: string[] = [];
  for (const row of rows)
    for (const name of everybody) {
      const { status, text } = await call(row, name);
      const where = `${row.route} (${row.path(scene)}) as ${name}`;
      const wanted = expected(row, name);
      if (status !== wanted) wrong.push(`${where}: ${status} instead of ${wanted} ${text.slice(0, 300)}`);
      // Who is refused learns nothing; nor does who may look, but at things of their own.
      const outsider = status >= 400 || outsiders.has(name);
      const told = outsider ? scene.secrets.filter((secret) => text.includes(secret)) : [];
      if (told.length > 0) leaks.push(`${where}: ${told.join(", ")}`);
    }
  expect(wrong).toEqual([]);
  expect(leaks).toEqual([]);
  expect(rows.length * everybody.length).toBeGreaterThan(500);
});

const outsiders: ReadonlySet<CallerName> = new Set([
  "none",
  "stranger",
  "nobody",
  "health",
  "deskless",
  "operator",
  "hospitalSystem",
  "healthSystem",
  "service",
]);
