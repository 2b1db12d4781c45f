// What was promised of the one JSON document that `npm run --silent demo -- --json` prints.
import type { documentOf } from "@onething/all-in-one/demo/document";
import { expect } from "vitest";

export function hasPromisedKeys(demo: ReturnType<typeof documentOf>): void {
  expect(Object.keys(demo)).toEqual(
    expect.arrayContaining(["case", "items", "receipts", "licences", "totals"]),
  );
  expect(Object.keys(demo.case)).toEqual(
    expect.arrayContaining(["id", "bundle", "submittedAt", "finishedAt", "outcome"]),
  );
  for (const each of demo.items) {
    const keys = "code name department waitedFor startedAt finishedAt dueOn dueProvisional outcome";
    expect(Object.keys(each)).toEqual(expect.arrayContaining(keys.split(" ")));
    expect(each.department).toEqual({ code: expect.any(String), name: expect.any(String) });
  }
  for (const each of demo.receipts)
    expect(Object.keys(each)).toEqual(
      expect.arrayContaining(["item", "requirement", "rule", "candidates", "why"]),
    );
  for (const each of demo.licences)
    expect(Object.keys(each)).toEqual(
      expect.arrayContaining(["identifier", "type", "holder", "issuer", "issuedAt"]),
    );
  const totals = "paperMaterials askedMaterials grpcCalls events commits elapsedMs".split(" ");
  expect(Object.keys(demo.totals)).toEqual(expect.arrayContaining(totals));
}
