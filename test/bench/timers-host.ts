// `node test/bench/timers-host.ts URL NOW`: the approvals' journal with its timers running, at a clock that its parent sets. It
// is killed in the middle, so it is a process of its own.
import { kinds } from "@onething/approval-workflow/service";
import { createJournal } from "@onething/journal/journal";
import { openApprovals } from "./approvals.ts";

const [url = "", start = ""] = process.argv.slice(2);
const ahead = (instant: string) => Date.parse(instant) - Date.now();
let offset = ahead(start);
const journal = createJournal({
  db: openApprovals(url),
  kinds,
  hashKey: Buffer.alloc(32),
  now: () => new Date(Date.now() + offset),
});
process.on("message", (instant: string) => {
  offset = ahead(instant);
});
process.once("disconnect", () => process.exit(0));
journal.start();
process.send?.("ready");
