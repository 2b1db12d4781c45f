// What only a platform of processes can suffer: replicas leave and return, at will or not, and no case is lost; and what
// the processes write of one request is found together. The stories are played by it too.
import { file, finish, scriptOf } from "@onething/all-in-one/demo/play";
import type { Scaled } from "@onething/all-in-one/scaled/scaled";
import { verifyData } from "@onething/all-in-one/verify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type AtScale, atScale } from "../city/scaled.ts";
import { type City, startIn } from "../harness.ts";
import { families } from "../stories/families.ts";

let city: City<AtScale>;
let scaled: Scaled;

beforeAll(async () => {
  city = await startIn(atScale);
  ({ scaled } = city.here);
});
afterAll(() => city?.close());

test("while replicas leave and come back one after another, no request fails and every case ends", async () => {
  let rolling = true;
  const roll = async () => {
    for (const { name } of scaled.places.filter(({ name, replica }) => name !== "front" && replica === 0)) {
      await scaled.children.get(`${name}-0`)!.stop();
      await scaled.revive(`${name}-0`);
    }
    rolling = false;
  };
  const ended: string[] = [];
  const families_ = families(scriptOf(city, "birth"));
  const live = async (i: number) => {
    while (rolling) {
      const filed = await file(city, families_[i % families_.length]!);
      ended.push((await finish(filed)).case.outcome!);
    }
  };
  await Promise.all([roll(), live(1), live(2)]);
  expect(ended.length).toBeGreaterThan(2);
  expect(new Set(ended)).toEqual(new Set(["all_granted"]));
});

test("a killed replica takes no case with it", async () => {
  const [, family] = families(scriptOf(city, "birth"));
  const filed = await file(city, family!);
  for (const name of ["approval-workflow-1", "case-window-1", "licence-registry-1", "verification-1"]) {
    const child = scaled.children.get(name)!;
    child.signal("SIGKILL");
    await child.exited;
    await scaled.revive(name);
  }
  expect((await finish(filed)).case.outcome).toBe("all_granted");
});

test("a department sees, by its certificate, its own work and nobody else's", async () => {
  const police = city.department("public-security");
  const { work } = await police.listWork({ statuses: ["granted", "delivered"], limit: 100 });
  expect(work.length).toBeGreaterThan(0);
  expect(new Set(work.map((each) => each.item))).toEqual(new Set(["B3"]));
  await expect(city.department("health").getWork({ id: work[0]!.id })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("what the processes write is JSON, follows a request from door to door by its trace, and names nobody", () => {
  // Ids are full of digits; a number of a person stands by itself.
  const personal = /(?<![0-9A-Za-z])([1-9]\d{16}[\dX]|1990000\d{4})(?![0-9A-Za-z])/;
  const written = city.logged().trimEnd().split("\n");
  expect(written.filter((line) => personal.test(line))).toEqual([]);
  const lines = written.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(0.9 * written.length);
  const submitted = lines.find(
    (line) => line.service === "front" && line.route === "/api/v1/cases/:id/submit",
  );
  const services = lines.filter((line) => line.traceId === submitted.traceId).map((line) => line.service);
  expect(new Set(services)).toContain("case-window");
});

test("verify finds nothing wrong, and finds what is taken away", async () => {
  await city.platform.drain();
  expect((await verifyData(city.config)).violations).toEqual([]);
  await city.admin.query(
    "delete from licence.licence where id = (select id from licence.licence where state ->> 'caseId' <> '' limit 1)",
  );
  const { violations } = await verifyData(city.config);
  expect(violations.map((each) => each.what).join("\n")).toMatch(/was not issued/);
});
