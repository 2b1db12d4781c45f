// A department's system that runs wild: it is held back at both doors together, and nobody else notices.
import { CatalogServiceDefinition } from "@onething/contracts/catalog/v1/catalog";
import type { OnethingError } from "@onething/kernel/errors";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type City, startCity } from "../harness.ts";
import { readable } from "./filing.ts";

let city: City;
beforeAll(async () => {
  city = await startCity({ env: { ONETHING_LIMITS: "department=30" } });
});
afterAll(() => city.close());

test("one system's rush ends at its department's limit, over gRPC and HTTP alike; others and our services are served", async () => {
  const health = city.department("health");
  let refused: OnethingError | undefined;
  // Its officer, who is played, has taken a few of them; some come back while this runs.
  for (let asked = 0; !refused && asked < 300; asked += 1)
    await health.listWork({ limit: 1 }).catch((error: OnethingError) => {
      refused = error;
    });
  expect(refused).toMatchObject({ code: "exhausted", reason: "rate.limited" });
  expect(refused?.retryAfterMs).toBeLessThanOrEqual(2_000);
  readable(refused!.public, /请求过于频繁/, /Too many requests/);

  const token = await city.platform.issuer.sign(
    { sub: "system-health", role: "department", department: "health" },
    60,
  );
  const list = () =>
    fetch(`${city.platform.url}/api/v1/work`, { headers: { authorization: `Bearer ${token}` } });
  const answers = await Promise.all(Array.from({ length: 10 }, list));
  expect(answers.some(({ status }) => status === 429)).toBe(true);

  expect(await city.department("police").listWork({ limit: 1 })).toBeDefined();
  const catalog = city.grpc(CatalogServiceDefinition, { sub: "casewindow", role: "service" });
  await Promise.all(Array.from({ length: 60 }, () => catalog.listBundles({})));
});
