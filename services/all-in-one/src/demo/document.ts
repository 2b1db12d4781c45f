// The demo as one JSON document: read back at the doors or counted by the platform's meters, none of it typed in.
import type { Played } from "./play.ts";

export function documentOf({ case: ended, receipts, results, papers, preview, meters }: Played) {
  return {
    case: {
      id: ended.id,
      number: ended.number,
      bundle: ended.bundle,
      submittedAt: ended.submittedAt,
      finishedAt: ended.finishedAt,
      outcome: ended.outcome,
    },
    items: ended.items.map((item) => ({
      code: item.code,
      name: item.name.zh,
      department: { code: item.department.code, name: item.department.name.zh },
      waitedFor: item.waitedFor,
      startedAt: item.startedAt,
      finishedAt: item.finishedAt,
      dueOn: item.dueOn,
      dueProvisional: item.dueProvisional,
      outcome: item.outcome,
      reasons: item.reasons.map((text) => text.zh),
      remedies: item.remedies.map((text) => text.zh),
    })),
    leftOut: ended.leftOut.map((each) => ({ code: each.code, name: each.name.zh, why: each.why.zh })),
    receipts: receipts.map(({ item, requirement, rule, state, candidates, why }) => ({
      item,
      requirement,
      rule,
      state,
      candidates: candidates.map((each) => ({
        source: each.source,
        matched: each.matched,
        why: each.why.zh,
      })),
      why: why.zh,
    })),
    licences: results
      .filter((result) => result.kind === "licence")
      .map((result) => ({
        identifier: result.identifier,
        type: result.type,
        holder: result.holder.name || result.holder.roleName.zh,
        issuer: result.issuer.name.zh,
        issuedAt: result.issuedAt,
      })),
    registrations: results
      .filter((result) => result.kind !== "licence")
      .map((result) => ({ identifier: result.identifier, type: result.type, issuer: result.issuer.name.zh })),
    papers: papers.map(({ kind, number, item, department, checkCode }) => ({
      ...{ kind, number, item, issuer: department.name.zh, checkCode },
    })),
    totals: {
      paperMaterials: preview.materials.length,
      askedMaterials: receipts.filter((receipt) => ["ask", "original"].includes(receipt.rule)).length,
      grpcCalls: meters.grpcCalls ?? 0,
      events: meters.events ?? 0,
      commits: meters.commits ?? 0,
      elapsedMs: Date.parse(ended.finishedAt ?? "") - Date.parse(ended.submittedAt ?? ""),
    },
  };
}
