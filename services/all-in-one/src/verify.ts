// `npm run verify`: checks everything a data folder holds, with the platform running or not.

import * as approval from "@onething/approval-workflow/service";
import * as caseWindow from "@onething/case-window/service";
import * as catalog from "@onething/item-catalog/service";
import type { AnyKind, Violation } from "@onething/journal/journal";
import { createJournal } from "@onething/journal/journal";
import { conflict } from "@onething/kernel/errors";
import * as licence from "@onething/licence-registry/service";
import type { Database } from "@onething/postgres/database";
import * as verification from "@onething/verification/service";
import type { Config } from "./config.ts";
import { openForVerify, type Part } from "./storage.ts";
import { verifyAcross } from "./verify-across.ts";
import { leftLying, verifyAttachments } from "./verify-attachments.ts";
import { standingStill } from "./verify-feeds.ts";

const kinds: Record<Exclude<Part, "keyring">, readonly object[]> = {
  catalog: catalog.kinds,
  licence: licence.kinds,
  verification: verification.kinds,
  approval: approval.kinds,
  casewindow: caseWindow.kinds,
};

/** Tables beside the roots' that are looked into. */
const besides: Partial<Record<Part, readonly string[]>> = { approval: ["attachment_upload"] };

export interface VerifyReport {
  violations: (Violation & { service: string })[];
  /** Events folded, by service. */
  events: Record<string, number>;
}

export async function verifyData(config: Pick<Config, "data" | "databaseUrl">): Promise<VerifyReport> {
  const { dbs, running, close } = await openForVerify(config);
  try {
    const report: VerifyReport = { violations: [], events: {} };
    for (const [service, list] of Object.entries(kinds) as [Exclude<Part, "keyring">, readonly object[]][]) {
      const db = dbs[service];
      const tables = list.map((kind) => (kind as AnyKind).table);
      await mustBeOfThisVersion(db, ["relay", ...tables, ...(besides[service] ?? [])]);
      const journal = createJournal({ db, kinds: list, hashKey: Buffer.alloc(32) });
      for await (const violation of journal.verify()) report.violations.push({ ...violation, service });
      const [row] = await db.query<{ n: number }>("select count(*)::int as n from event");
      report.events[service] = row?.n ?? 0;
    }
    const now = new Date();
    const across = [
      ...(await verifyAcross(dbs)),
      ...(await verifyAttachments(dbs.approval)),
      ...(running ? [...(await standingStill(dbs, now)), ...(await leftLying(dbs.approval, now))] : []),
    ];
    report.violations.push(...across.map((each) => ({ ...each, service: "platform" })));
    return report;
  } finally {
    await close();
  }
}

/** A platform of another version dressed it: tables are missing that its first start here would make. */
async function mustBeOfThisVersion(db: Database, names: readonly string[]): Promise<void> {
  const tables = names.map((name) => `${db.schema}.${name}`);
  const missing = await db.query("select from unnest($1::text[]) t where to_regclass(t) is null", [tables]);
  if (missing.length > 0)
    throw conflict(
      "verify.other_version",
      "这里的数据属于旧版本的平台。请先用现在的版本启动一次，再检查",
      "This data is of an older version of the platform. Start this version on it once, then verify",
    );
}

export async function runVerify(config: Config): Promise<number> {
  const { violations, events } = await verifyData(config);
  for (const { service, stream, what } of violations) console.log(`✗ ${service}  ${stream}: ${what}`);
  const total = Object.values(events).reduce((sum, n) => sum + n, 0);
  const perService = Object.entries(events)
    .map(([service, n]) => `${service} ${n}`)
    .join(", ");
  if (violations.length > 0) {
    console.log(
      `发现 ${violations.length} 处问题 · ${violations.length} violations in ${total} events (${perService})`,
    );
    return 1;
  }
  console.log(`全部一致 · All is well: ${total} events folded, every chain whole (${perService})`);
  return 0;
}
