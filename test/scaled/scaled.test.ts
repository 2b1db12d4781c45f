// The same platform as processes of its own: what comes of a case is what comes of it in one process, whoever leaves
// meanwhile, and nobody gets further than their certificate.
import { documentOf } from "@onething/all-in-one/demo/document";
import { openDoor } from "@onething/all-in-one/demo/door";
import { file, finish, type Played, play, scriptOf } from "@onething/all-in-one/demo/play";
import { verifyData } from "@onething/all-in-one/verify";
import { ApprovalServiceDefinition } from "@onething/contracts/approval/v1/approval";
import { LicenceServiceDefinition } from "@onething/contracts/licence/v1/licence";
import { departmentName } from "@onething/service/tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStream } from "../faults/streams.ts";
import { startCity } from "../harness.ts";
import { families } from "../stories/families.ts";
import { type ScaledCity, startScaledCity } from "./harness.ts";

let city: ScaledCity;

beforeAll(async () => {
  city = await startScaledCity();
}, 240_000);
afterAll(() => city?.close(), 60_000);

/** What must be the same however the platform runs. */
function essence(played: Played) {
  const { case: ended, items, leftOut, receipts, licences, registrations } = documentOf(played);
  return {
    outcome: ended.outcome,
    items: items.map(({ code, outcome, waitedFor, reasons }) => ({
      code,
      outcome,
      waitedFor: waitedFor.toSorted(),
      reasons,
    })),
    leftOut,
    receipts: receipts.map(({ item, requirement, rule, state }) => [item, requirement, rule, state]).sort(),
    results: [...licences, ...registrations].map(({ type }) => type).sort(),
  };
}

test("births, a death and a refusal end as they end in one process", async () => {
  const one = await startCity({});
  try {
    for (const bundle of ["birth", "after-death"])
      expect(essence(await play(city, scriptOf(city, bundle)))).toEqual(
        essence(await play(one, scriptOf(one, bundle))),
      );
    for (const each of [city, one]) each.simulator!.refuse("B6");
    const [, ...others] = families(scriptOf(city, "birth"));
    const [there, here] = [await play(city, others[0]!), await play(one, others[0]!)];
    expect(essence(there)).toEqual(essence(here));
    expect(there.case.outcome).toBe("partly_granted");
  } finally {
    await one.close();
  }
}, 120_000);

test("whoever watches a case hears all of it once, at whichever replica they ask", async () => {
  const script = families(scriptOf(city, "birth"))[2]!;
  const account = city.platform.sample.accounts.find((each) => each.username === script.by)!;
  const { username, password } = account;
  const { token } = await openDoor(city.platform.url).post<{ token: string }>("/api/v1/sessions", {
    username,
    password,
  });
  const filed = await file(city, script);
  const watchers = Array.from({ length: 4 }, () =>
    readStream((headers) =>
      fetch(`${city.platform.url}/api/v1/cases/${filed.id}/events`, {
        headers: { ...headers, authorization: `Bearer ${token}` },
      }),
    ),
  );
  const { case: ended } = await finish(filed);
  await Promise.all(watchers.map((each) => each.done));
  for (const { messages } of watchers)
    expect(messages.map((each) => each.en)).toEqual(ended.timeline.map((each) => each.en));
}, 120_000);

test("while replicas leave and come back one after another, no request fails and every case ends", async () => {
  let rolling = true;
  const roll = async () => {
    for (const { name } of city.places.filter((place) => place.name !== "front" && place.replica === 0)) {
      await city.children.get(`${name}-0`)!.stop();
      await city.revive(`${name}-0`);
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
  expect(new Set(ended)).toEqual(new Set(["partly_granted"]));
}, 180_000);

test("a killed replica takes no case with it", async () => {
  const [, family] = families(scriptOf(city, "birth"));
  const filed = await file(city, family!);
  for (const name of ["approval-workflow-1", "case-window-1", "licence-registry-1", "verification-1"]) {
    const child = city.children.get(name)!;
    child.signal("SIGKILL");
    await child.exited;
    await city.revive(name);
  }
  expect((await finish(filed)).case.outcome).toBe("partly_granted");
}, 180_000);

describe("a certificate says how far its bearer gets", () => {
  test("a department sees its own work and nobody else's", async () => {
    const police = city.grpc(
      ApprovalServiceDefinition,
      "approval-workflow",
      departmentName("public-security"),
    );
    const { work } = await police.listWork({ statuses: ["granted"], limit: 100 });
    expect(work.length).toBeGreaterThan(0);
    expect(new Set(work.map((each) => each.item))).toEqual(new Set(["B3", "D4"]));
    const health = city.grpc(ApprovalServiceDefinition, "approval-workflow", departmentName("health"));
    await expect(health.getWork({ id: work[0]!.id })).rejects.toMatchObject({ code: "not_found" });
  });

  test("a department does not reach the registry, and a service does not decide", async () => {
    const police = city.grpc(LicenceServiceDefinition, "licence-registry", departmentName("public-security"));
    await expect(police.listAccess({})).rejects.toMatchObject({ code: "forbidden" });
    const service = city.grpc(ApprovalServiceDefinition, "approval-workflow", "verification");
    await expect(service.listWork({})).rejects.toMatchObject({ code: "forbidden" });
  });
});

test("what the processes write is JSON, follows a request from door to door by its trace, and names nobody", () => {
  // Ids are full of digits; a number of a person stands by itself.
  const personal = /(?<![0-9A-Za-z])([1-9]\d{16}[\dX]|1990000\d{4})(?![0-9A-Za-z])/;
  expect(city.lines.filter((line) => personal.test(line))).toEqual([]);
  const lines = city.lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  expect(lines.length).toBeGreaterThan(0.9 * city.lines.length);
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
}, 60_000);
