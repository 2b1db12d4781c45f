// A city for the simulation: the laws of the case window and of the approval workflow with what they make of each other's events,
// on journals in memory; a registry that issues what is granted; applicants and officers who do anything at any time.
import {
  Arrivals,
  approvalKind,
  caseConsumer,
  licenceConsumer,
  nationalRules,
} from "@onething/approval-workflow/law";
import { type CaseState, caseKind, createConsumer } from "@onething/case-window/law";
import { LicenceIssued } from "@onething/contracts/licence/v1/events";
import { CaseDrafted, CaseSubmitted } from "@onething/contracts/window/v1/events";
import type { Consumer, PublishedEvent } from "@onething/events/consumer";
import type { RecordedEvent } from "@onething/journal/journal";
import type { Keyring } from "@onething/sealing/keyring";
import type { Random } from "../chaos/random.ts";
import { type Bus, createBus } from "./bus.ts";
import { type MemoryJournal, memoryJournal, patiently } from "./journal.ts";
import { makePlan } from "./plans.ts";

export interface World {
  clock: { now: Date };
  cases: MemoryJournal;
  approvals: MemoryJournal;
  /** What the registry has issued. */
  issued: readonly RecordedEvent[];
  bus: Bus;
  counts: { crashes: number };
}

/** Where a year's holidays are known, and where they are not yet. */
const began = new Date("2026-02-02T01:00:00.000Z");
const crashes = 0.01;

export function createWorld(random: Random): World {
  const clock = { now: began };
  const counts = { crashes: 0 };
  const crash = () => {
    const dies = random() < crashes;
    if (dies) counts.crashes += 1;
    return dies;
  };
  const cases = memoryJournal(clock, crash);
  const approvals = memoryJournal(clock, crash);
  const registry = registryIn(clock);
  const keyring = openSeals();
  const common = { keyring, now: () => clock.now };
  const log = { info() {}, error() {} };
  const desk = {
    ...{
      ...common,
      journal: approvals,
      kind: approvalKind,
      rules: nationalRules,
      arrivals: new Arrivals(),
      log,
    },
  } as never;
  const bus = createBus(random, [
    { consumer: createConsumer({ ...common, journal: cases } as never), from: [approvals, registry] },
    { consumer: caseConsumer(desk), from: [cases] },
    { consumer: licenceConsumer(desk), from: [registry] },
    { consumer: registry.consumer, from: [approvals] },
  ]);
  return { clock, cases, approvals, issued: registry.log, bus, counts };
}

/** Files a case as the window would: opened, answered, submitted with what was proved. */
export async function fileCase({ cases }: World, random: Random, id: string): Promise<void> {
  const { plan, subjects, receipts } = makePlan(random, id);
  const by = (key: string) => ({ actor: `citizen:${id}`, key: `${key} ${id}` });
  const owner = subjects[0]!.personId;
  const drafted = CaseDrafted.fromPartial({
    ...{ id, bundle: plan.bundle, bundleVersion: 1, applicantId: owner, channel: "citizen", subjects },
  });
  await patiently(() => cases.submit(caseKind, id, { type: "open", drafted }, by("open")));
  await patiently(() => cases.submit(caseKind, id, { type: "answer", plan, subjects }, by("answer")));
  const sealed = seal({ name: "甲", address: "乙" });
  const submitted = CaseSubmitted.fromPartial({
    ...{ number: `N-${id}`, subjects, receipts, followers: [owner] },
    sealedForms: Object.fromEntries(plan.items.map(({ code }) => [code, sealed])),
  });
  const state = (await cases.load<CaseState>(caseKind, id))!.state;
  await patiently(() =>
    cases.submit(caseKind, id, { type: "submit", submitted, plan: state.plan }, by("submit")),
  );
}

export const seal = (fields: Record<string, string>): string =>
  `s1.simulated.${Buffer.from(JSON.stringify(fields)).toString("base64url")}`;

/** Seals without keys: what is sealed is not what is simulated here. */
function openSeals(): Keyring {
  const sealer = { keyId: "simulated", seal };
  const opened = (value: string): Record<string, string> =>
    value === "" ? {} : JSON.parse(Buffer.from(value.split(".")[2]!, "base64url").toString());
  return {
    sealer: async () => sealer,
    sealers: async (owners: readonly string[]) => owners.map(() => sealer),
    open: async (values: readonly string[]) => values.map(opened),
    hash: (kind: string, value: string) => `${kind}:${value}`,
  } as unknown as Keyring;
}

/** Issues every product of a grant to everybody of its role, once; nothing of what was taken back before. */
function registryIn(clock: { now: Date }): { log: RecordedEvent[]; consumer: Consumer } {
  const log: RecordedEvent[] = [];
  const done = new Set<string>();
  const revoked = new Set<string>();
  const issue = ({ data, caseId }: PublishedEvent<"approval.granted">) => {
    for (const { pair, kind } of data.item!.produces)
      for (const { personId, position } of data.subjects.filter(({ role }) => role === pair!.role)) {
        const identifier = [caseId, data.item!.code, pair!.evidence, pair!.role, position].join("/");
        const issued = LicenceIssued.fromPartial({
          ...{
            identifier,
            evidence: pair!.evidence,
            kind,
            holderId: personId,
            caseId,
            item: data.item!.code,
          },
          ...{ pair, position, sealedForCase: seal({}), sealedFields: seal({}) },
        });
        const stream = `licence/${identifier}`;
        log.push({
          ...{ id: `${stream}@1`, type: "licence.issued", data: issued, stream, version: 1, caseId },
          ...{ actor: "consumer:licence-registry", at: clock.now.toISOString(), trace: "" },
        });
      }
  };
  return {
    log,
    consumer: {
      name: "licence-registry",
      topics: ["onething.approval"],
      types: ["approval.granted", "approval.revoked"],
      async handle(event) {
        if (done.has(event.id)) return;
        done.add(event.id);
        if (event.type === "approval.revoked") revoked.add(event.data.id);
        else if (event.type === "approval.granted" && !revoked.has(event.data.id)) issue(event);
      },
    },
  };
}
