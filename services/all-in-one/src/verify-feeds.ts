// Who reads whose events, how far, and whether one of them stands still.
import { setTimeout as sleep } from "node:timers/promises";
import { appliedUpTo } from "@onething/events/kafka/applied";
import { isAfter } from "@onething/events/kafka/message";
import type { Database } from "@onething/postgres/database";
import type { Part } from "./storage.ts";
import type { Contradiction } from "./verify-case.ts";

export type Dbs = Record<Part, Database>;

/** Who reads whose events, and which of them a case waits for. A test holds it against the running platform. */
export const flows = [
  {
    consumer: "approval-workflow",
    part: "approval",
    source: "casewindow",
    types: ["case.item_ready", "case.item_supplemented", "case.withdraw_requested", "case.recall_requested"],
  },
  {
    consumer: "approval-delivery",
    part: "approval",
    source: "licence",
    types: ["licence.issued", "licence.revoked"],
  },
  {
    consumer: "approval-calendar",
    part: "approval",
    source: "catalog",
    types: ["catalog.calendar_published"],
  },
  {
    consumer: "approval-papers",
    part: "approval",
    source: "approval",
    types: [
      "approval.opened",
      "approval.accepted",
      "approval.supplement_requested",
      "approval.not_accepted",
      "approval.paused",
      "approval.extended",
      "approval.granted",
      "approval.refused",
      "approval.delivered",
    ],
  },
  {
    consumer: "licence-registry",
    part: "licence",
    source: "approval",
    types: ["approval.granted", "approval.revoked"],
  },
  {
    consumer: "case-window",
    part: "casewindow",
    source: "approval",
    types: [
      "approval.accepted",
      "approval.corrected",
      "approval.supplement_requested",
      "approval.not_accepted",
      "approval.paused",
      "approval.resumed",
      "approval.extended",
      "approval.recounted",
      "approval.granted",
      "approval.refused",
      "approval.delivered",
      "approval.revoked",
      "approval.cancelled",
      "approval.withdrawal_refused",
    ],
  },
  { consumer: "case-window", part: "casewindow", source: "licence", types: ["licence.issued"] },
  { consumer: "case-window", part: "casewindow", source: "verification", types: ["evidence.resolved"] },
  {
    consumer: "case-calendar",
    part: "casewindow",
    source: "catalog",
    types: ["catalog.calendar_published"],
  },
  { consumer: "verification", part: "verification", source: "verification", types: ["evidence.retry_due"] },
  { consumer: "verification", part: "verification", source: "casewindow", types: ["case.closed"] },
] as const satisfies { consumer: string; part: Part; source: Part; types: string[] }[];
type Flow = (typeof flows)[number];

/** What a consumer acts on of a source. */
export const typesRead = (consumer: Flow["consumer"], source: Flow["source"]): readonly string[] =>
  flows.filter((flow) => flow.consumer === consumer && flow.source === source).flatMap(({ types }) => types);

/** Names that services give themselves as the source of a feed. */
export const sourceNames: Record<Flow["source"], string> = {
  catalog: "item-catalog",
  casewindow: "case-window",
  approval: "approval-workflow",
  licence: "licence-registry",
  verification: "verification",
};

const topics: Record<Flow["source"], string> = {
  catalog: "onething.catalog",
  casewindow: "onething.case",
  approval: "onething.approval",
  licence: "onething.licence",
  verification: "onething.evidence",
};

export interface Cursor {
  xid: string;
  position: number;
}

/** How far a consumer has applied a source, whichever way its events travel; the farther of the two where both did. */
export async function cursorOf(
  dbs: Dbs,
  { consumer, part, source }: Pick<Flow, "consumer" | "part" | "source">,
): Promise<Cursor> {
  const [row] = await dbs[part].query<Cursor>(
    "select xid::text as xid, position from feed_cursor where consumer = $1 and source = $2",
    [consumer, sourceNames[source]],
  );
  const direct = row ?? { xid: "0", position: 0 };
  const path = { consumer, source: sourceNames[source], topic: topics[source] };
  const byKafka = await appliedUpTo(path, dbs[source], dbs[part]);
  return byKafka && isAfter(byKafka, direct) ? byKafka : direct;
}

/** How old an event may become that nobody has read, and how long is looked whether somebody just began to. */
const tooLateMs = 60_000;
const secondLookMs = 3_000;

/** Readers that stand still while the platform runs. Without it they go on at its next start. */
export async function standingStill(dbs: Dbs, now: Date): Promise<Contradiction[]> {
  const found: Contradiction[] = [];
  for (const flow of flows) {
    const before = await unread(dbs, flow);
    if (!before || now.getTime() - Date.parse(before.at) < tooLateMs) continue;
    await sleep(secondLookMs);
    if ((await unread(dbs, flow))?.stream !== before.stream) continue;
    const minutes = Math.round((now.getTime() - Date.parse(before.at)) / 60_000);
    found.push({
      stream: before.stream,
      what: `${before.type} has waited ${minutes} min for ${flow.consumer}, which does not read on`,
    });
  }
  return found;
}

async function unread(
  dbs: Dbs,
  flow: Flow,
): Promise<{ stream: string; type: string; at: string } | undefined> {
  const { xid, position } = await cursorOf(dbs, flow);
  const [first] = await dbs[flow.source].query<{ stream: string; type: string; at: string }>(
    `select stream || '@' || version as stream, type, at from event
      where (xid, position) > ($1::text::xid8, $2) and type = any($3::text[]) order by xid, position limit 1`,
    [xid, position, flow.types],
  );
  return first;
}
