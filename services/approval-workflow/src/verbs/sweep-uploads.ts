// What began to come and never became whole is thrown away a day after its last byte: whoever wants to go on has a day for it.
import { keepLooking, type Looking } from "@onething/service/looking";
import { dropStale } from "../attachment-store.ts";
import type { Deps } from "./deps.ts";

const keptMs = 24 * 3_600_000;
const everyMs = 10 * 60_000;

type Sweeping = Pick<Deps, "db" | "now" | "log">;

export const keepSweeping = (deps: Sweeping): Looking =>
  keepLooking("uploads that are over", () => sweepUploads(deps), everyMs, deps.log);

export async function sweepUploads({ db, now, log }: Sweeping): Promise<void> {
  const dropped = await dropStale(db, new Date(now().getTime() - keptMs));
  if (dropped > 0) log.info({ dropped }, "uploads thrown away that never became whole");
}
