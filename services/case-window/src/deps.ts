import type { Journal } from "@onething/journal/journal";
import type { Calendar } from "@onething/kernel/calendar";
import type { ServiceDeps } from "@onething/service/types";
import type { Live } from "./live.ts";
import type { Peers } from "./peers.ts";

/** What a verb works with. */
export interface Deps extends Pick<ServiceDeps, "db" | "keyring" | "now"> {
  journal: Journal;
  peers: Peers;
  /** Whose working days count in a division. */
  calendarOf(division: string): Calendar;
  live: Live;
}
