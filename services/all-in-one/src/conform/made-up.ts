// Made-up work for a department's system: the department's items as the catalogue has them, filled with synthetic data.
import { Work, WorkDetail } from "@onething/contracts/approval/v1/work";
import type { Department, Field } from "@onething/contracts/common/v1/common";
import type { Catalogue } from "@onething/item-catalog/city";
import { department as departmentOf, field as fieldOf } from "@onething/item-catalog/contract";
import { resultOf } from "@onething/item-catalog/shape";
import type { Text } from "@onething/kernel/errors";
import { citizenNumber } from "@onething/kernel/identity";
import { newId } from "@onething/kernel/ids";

export interface PlayedItem {
  code: string;
  name: Text;
  bundle: string;
  department: Department;
  form: Field[];
  result: Field[];
  /** Whether the department finds applications complete, or the platform has proved it. */
  acceptance: "automatic" | "department";
  /** Special procedures that it may run. */
  procedures: readonly string[];
  evidence: { requirement: string; evidence: string; role: string; fields: Field[] }[];
}

/** What the department decides; the fields of evidence are those that the item is shown. */
export function playedItems(catalogue: Catalogue, department: string): PlayedItem[] {
  const types = new Map(catalogue.evidence.map((type) => [type.code, type]));
  return catalogue.items
    .filter((item) => item.department === department && item.handling !== "offline")
    .flatMap((item) => {
      const bundle = catalogue.bundles.find(({ items }) => items.some((each) => each.item === item.code));
      if (!bundle) return [];
      const evidence = item.requires.flatMap(({ id, fields }) => {
        const way = bundle.requirements.find((each) => each.id === id)?.anyOf[0];
        if (!way) return [];
        const shown = (types.get(way.evidence)?.fields ?? []).filter(({ name }) => fields.includes(name));
        return [{ requirement: id, evidence: way.evidence, role: way.of, fields: shown.map(fieldOf) }];
      });
      return {
        ...{ code: item.code, name: item.name, bundle: bundle.code, evidence },
        ...{ acceptance: item.acceptance, procedures: item.procedures },
        department: departmentOf(catalogue, department),
        form: bundle.form.filter(({ name }) => item.form.includes(name)).map(fieldOf),
        result: resultOf(item, types).map(fieldOf),
      };
    });
}

/** The `n`th piece of a run; every run has its own. */
export function madeUp(item: PlayedItem, n: number): WorkDetail {
  const openedAt = new Date().toISOString();
  const work = Work.fromPartial({
    ...{ id: newId(), caseId: newId(), caseNumber: `CONFORM${String(n).padStart(4, "0")}` },
    ...{ bundle: item.bundle, item: item.code, name: item.name, department: item.department },
    ...{ status: "received", openedAt, result: item.result, version: 1, light: "green" },
    ...{ dueOn: "2099-12-31", legalDueOn: "2099-12-31", acceptBy: "2099-12-31" },
  });
  return WorkDetail.fromPartial({
    work,
    form: values(item.form, n),
    formSchema: item.form,
    evidence: item.evidence.map(({ requirement, evidence, role, fields }) => ({
      receipt: { requirement, pair: { evidence, role, to: "" } },
      fields: values(fields, n),
    })),
  });
}

/** What of it is missing, in a piece that lacks something: what must be filled in, two at most. */
export const lackingIn = ({ form }: PlayedItem): string[] =>
  form
    .filter(({ required }) => required)
    .slice(0, 2)
    .map(({ name }) => name);

const values = (fields: readonly Field[], n: number): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field.name, value(field, n)]));

/** Division 430999 is assigned to nobody. */
function value({ type, choices }: Field, n: number): string {
  const plain: Record<string, string> = {
    ...{
      date: "2026-02-03",
      instant: "2026-02-03T04:05:06.000Z",
      number: "1",
      money: "1.00",
      boolean: "true",
    },
    citizenNumber: citizenNumber(`43099919900101${String(100 + (n % 800)).padStart(3, "0")}`),
    person: newId(),
    choice: choices[0] ?? "",
  };
  return plain[type] ?? `样例${n}`;
}
