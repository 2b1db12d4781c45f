// Plans made up at random: items under every rule of the licensing law, with edges between them, products and policies.
import { Plan, type PlannedItem } from "@onething/contracts/catalog/v1/catalog";
import type { Subject } from "@onething/contracts/common/v1/common";
import { Receipt } from "@onething/contracts/verification/v1/verification";
import { between, oneOf, type Random } from "../chaos/random.ts";

const words = (text: string) => ({ zh: `${text}（模拟）`, en: text });
const pair = (item: number, n: number) => ({
  evidence: `paper-I${item}-${n}`,
  role: n === 0 ? "owner" : "heir",
  to: "",
});

export interface Made {
  plan: Plan;
  subjects: Subject[];
  receipts: Receipt[];
}

/** Of two that withdraw the others one recalls what was granted, too. */
function refusalPolicy(random: Random): Pick<Plan, "refusalPolicy" | "recall"> {
  const policy = oneOf(random, ["carry_on", "carry_on", "hold", "withdraw", "recall"]);
  return policy === "recall"
    ? { refusalPolicy: "withdraw", recall: { basis: words("rule of the bundle") } }
    : { refusalPolicy: policy, recall: undefined };
}

export function makePlan(random: Random, caseId: string): Made {
  const sometimes = (chance: number) => random() < chance;
  const count = between(random, 1, 6);
  const subjects: Subject[] = [
    { role: "owner", personId: `${caseId}-owner`, position: 0 },
    ...Array.from({ length: between(random, 0, 2) }, (_, i) => ({
      ...{ role: "heir", personId: `${caseId}-heir-${i}`, position: i },
    })),
  ];
  const receipts: Receipt[] = [];
  const items = Array.from({ length: count }, (_, i): Partial<PlannedItem> => {
    const code = `I${i}`;
    const receipt = (more: Partial<Receipt>) =>
      Receipt.fromPartial({
        item: code,
        personId: `${caseId}-owner`,
        rule: "licence",
        why: words("held"),
        ...more,
      });
    receipts.push(
      receipt({
        ...{ requirement: `proof-${code}`, pair: { evidence: "card", role: "owner", to: "" } },
        ...(sometimes(0.1) ? { state: "unavailable" } : { state: "proved" }),
      }),
    );
    for (let other = 0; other < i; other++)
      if (sometimes(0.25))
        receipts.push(
          receipt({
            ...{ requirement: `paper-of-I${other}`, rule: "sibling", state: "waiting" },
            ...{ pair: pair(other, 0), waitsFor: [`I${other}`] },
          }),
        );
    const silent = sometimes(0.1);
    return {
      ...{
        code,
        name: words(`item ${code}`),
        department: { code: `d${i % 3}`, name: words("office"), uscc: "" },
      },
      ...{ handling: "department", acceptance: sometimes(0.7) ? "department" : "automatic" },
      ...{ legality: sometimes(0.2), twoOfficers: sometimes(0.2), joint: sometimes(0.1) },
      ...{
        procedures: sometimes(0.5) ? ["hearing", "inspection"] : [],
        delivery: oneOf(random, ["electronic", "paper"]),
      },
      neverRecalled: sometimes(0.2),
      authority: sometimes(0.2) ? "head" : "officer",
      ...(silent && { silence: words("Licensing Law art. 50") }),
      produces: Array.from({ length: between(random, 0, 2) }, (_, n) => ({
        ...{ pair: pair(i, n), kind: "licence", fields: [], replaces: false },
      })),
      after: Array.from({ length: i }, (_, other) => `I${other}`).filter(() => sometimes(0.1)),
      promised: { n: between(random, 0, 15), unit: "workingDay", from: "accepted" },
      ...(sometimes(0.8) && { legal: { n: between(random, 15, 30), unit: "workingDay", from: "accepted" } }),
      ...{ formFields: ["name", "address"], formRoles: ["owner"], requirements: [`proof-${code}`] },
    };
  });
  const plan = Plan.fromPartial({
    ...{ bundle: "made-up", version: 1, name: words("made up"), division: "430999" },
    ...refusalPolicy(random),
    items: items as Parameters<typeof Plan.fromPartial>[0]["items"],
    form: ["name", "address"].map((name) => ({
      ...{ field: { name, label: words(name), type: "text", required: true }, role: "owner" },
      items: items.map(({ code }) => code!),
    })),
    requirements: items.map(({ code }) => ({ id: `proof-${code}`, name: words("proof"), items: [code!] })),
    evidence: items.flatMap((_, i) =>
      [0, 1].map((n) => ({ code: pair(i, n).evidence, name: words("paper") })),
    ),
  });
  return { plan, subjects, receipts };
}
