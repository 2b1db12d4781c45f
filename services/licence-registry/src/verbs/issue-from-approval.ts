// A granted item becomes licences: everything it produces is issued, what it replaces or ends is cancelled.
// Each step repeats harmlessly, so the whole may be tried again from any point.

import type { Department } from "@onething/contracts/common/v1/common";
import type { PublishedEvent } from "@onething/events/consumer";
import { invalid } from "@onething/kernel/errors";
import { endsOf, type Order, ordersOf } from "../domain/grant.ts";
import type { Words } from "../domain/licence.ts";
import { licenceKind } from "../kinds.ts";
import type { Registry } from "../registry.ts";
import { endable, readable, revocationOf } from "../store.ts";
import { bind } from "./identify.ts";
import { newLicence } from "./issue.ts";
import { takeBack } from "./revoke-grant.ts";

type Granted = PublishedEvent<"approval.granted">;

export async function issueFromApproval(registry: Registry, actor: string, event: Granted): Promise<void> {
  const { item, sealedResult } = event.data;
  const issuer = item?.department;
  if (!item || !issuer)
    throw invalid("licence.no_issuer", "决定没有写明部门", "The decision names no department");
  // Taken back before it was heard, or before all of it was done: there is nothing to issue any more.
  const revoked = await revocationOf(registry.db, event.data.caseId, item.code);
  if (revoked) return takeBack(registry, actor, revoked, event.trace);
  const [result = {}] = await registry.keyring.open([sealedResult], {
    actor,
    purpose: "issue what an item grants",
  });
  const orders = ordersOf(event.data, result);
  // The number first: items that waited for the licence ask for it as soon as they hear of the licence.
  for (const order of orders) await bind(registry, actor, order.holderId, order.identity);
  const issued = await Promise.all(orders.map((order) => issueOne(registry, actor, event, issuer, order)));
  await endOthers(registry, actor, event, issued);
  // Taken back at this very moment by another hand: either it has found what was issued, or we find its mark.
  const meanwhile = await revocationOf(registry.db, event.data.caseId, item.code);
  if (meanwhile) await takeBack(registry, actor, meanwhile, event.trace);
}

interface Issued {
  id: string;
  /** Identifier of the one it follows. */
  replaces: string;
}

async function issueOne(
  registry: Registry,
  actor: string,
  event: Granted,
  issuer: Department,
  order: Order,
): Promise<Issued> {
  const { db, journal, keyring } = registry;
  const { of, pair, position, holderId, toHolderId, fields } = order;
  const { caseId, item } = event.data;
  const request = [event.id, pair.evidence, pair.role, pair.to, holderId, toHolderId];
  const { id, serial } = newLicence(registry, "grant", ...request);
  const [ofHolder, ofCase] = await keyring.sealers([`holder/${holderId}`, `case/${caseId}`]);
  const [replaces] = order.replaces
    ? await endable(db, { holderId, evidence: of.code, toHolderId }, [id])
    : [];
  const { state } = await journal.submit(
    licenceKind,
    id,
    {
      type: "issue",
      of,
      holderId,
      toHolderId,
      issuer,
      serial,
      sealedFields: ofHolder!.seal(fields),
      ...(replaces ? { replaces: replaces.state } : {}),
      origin: { caseId, item: item?.code ?? "", pair, position, sealedForCase: ofCase!.seal(fields) },
    },
    { actor, key: `${event.id}:issue:${id}`, body: request, trace: event.trace },
  );
  return { id, replaces: state.replaces };
}

async function endOthers(registry: Registry, actor: string, event: Granted, issued: Issued[]): Promise<void> {
  const { db, journal } = registry;
  const { caseId, item } = event.data;
  const own = issued.map(({ id }) => id);
  const replaced = await Promise.all(
    issued.filter(({ replaces }) => replaces).map(({ replaces }) => readable(db, replaces, "anyone")),
  );
  const ended = await Promise.all(endsOf(event.data).map((held) => endable(db, held, own)));
  const ids = new Map([
    ...ended
      .flat()
      // A grant that is heard late ends nothing that was issued since.
      .filter(({ state }) => state.issuedAt <= event.at)
      .map(({ id }) => [id, words("办结", "ended by", item?.name)] as const),
    ...replaced.flatMap((row) =>
      row ? [[row.id, words("换发新证", "replaced by", item?.name)] as const] : [],
    ),
  ]);
  await Promise.all(
    [...ids].map(([id, reason]) =>
      journal.submit(
        licenceKind,
        id,
        { type: "cancel", reason, caseId, item: item?.code ?? "" },
        { actor, key: `${event.id}:cancel:${id}`, body: id, trace: event.trace },
      ),
    ),
  );
}

const words = (zh: string, en: string, item: Partial<Words> | undefined): string =>
  `${item?.zh ?? ""}${zh} / ${en} ${item?.en ?? ""}`;
