import { afterAll, beforeAll, expect, test } from "vitest";
import { type Copying, startCopying } from "../../test/copying.ts";
import { loadPlaces, newPlace, savePlace } from "./places.ts";

let it: Copying;
beforeAll(async () => {
  it = await startCopying();
});
afterAll(() => it.close());

test("a place never goes back for a reader that lost its partition, except where the log itself is new", async () => {
  const place = { ...newPlace("onething.case", 2), partitions: 3 };
  const ahead = { ...place, next: 9, at: { xid: "7", position: 70 } };
  const late = { ...place, next: 4, at: { xid: "7", position: 40 } };
  await savePlace(it.db, "copier", ahead);
  await savePlace(it.db, "copier", late);
  expect(await loadPlaces(it.db, "copier")).toEqual([ahead]);
  await savePlace(it.db, "copier", late, true);
  expect(await loadPlaces(it.db, "copier")).toEqual([late]);
  expect(await loadPlaces(it.db, "another")).toEqual([]);
});
