// The plan of a bundle for these answers.
import type { Plan } from "@onething/contracts/catalog/v1/catalog";
import { planOf } from "../domain/plan.ts";
import type { Snapshot } from "../snapshot.ts";

export interface PlanFor {
  bundle: string;
  /** 0: the newest. */
  version: number;
  answers: Record<string, string>;
}

/** Throws `catalog.unknown_bundle`, `catalog.unknown_version`, `catalog.wrong_answers`, `catalog.not_eligible`. */
export const plan = (snapshot: Snapshot, { bundle, version, answers }: PlanFor): Plan =>
  planOf(snapshot.find(bundle, version), answers);
