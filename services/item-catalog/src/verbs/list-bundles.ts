// The bundles that the city offers, newest version of each.
import type { BundleSummary } from "@onething/contracts/catalog/v1/guide";
import { summary } from "../domain/contract.ts";
import type { Snapshot } from "../snapshot.ts";

export const listBundles = (snapshot: Snapshot): BundleSummary[] => snapshot.offered.map(summary);
