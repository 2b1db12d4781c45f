import { documentOf } from "@onething/all-in-one/demo/document";
import { play, scriptOf } from "@onething/all-in-one/demo/play";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";

let city: City;
let demo: ReturnType<typeof documentOf>;
beforeAll(async () => {
  city = await startCity();
  demo = documentOf(await play(city, scriptOf(city, "birth")));
});
afterAll(() => city.close());

test("the birth of a child is granted whole, and nobody brings anything", () => {
  expect(demo.case.outcome).toBe("all_granted");
  expect(demo.totals.askedMaterials).toBe(0);
  expect(demo.totals.paperMaterials).toBeGreaterThan(10);
});
