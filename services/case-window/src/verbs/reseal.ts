// New values of form fields go into the sealed forms of a case.
import type { Deps } from "../deps.ts";
import type { CaseState } from "../domain/case.ts";
import type { Resealed } from "../domain/commands.ts";
import { fieldsFor } from "../domain/form.ts";
import { mayStillStart } from "../domain/supplement.ts";
import { planOf } from "./preview.ts";

/** The item's form with the new values, and the forms of items that ask for the same fields and have not started. */
export async function reseal(
  { keyring }: Pick<Deps, "keyring">,
  state: CaseState,
  item: string,
  values: Readonly<Record<string, string>>,
  audit: { actor: string; purpose: string },
): Promise<Record<string, Resealed>> {
  const plan = planOf(state);
  const named = plan.items.map((each) => ({
    code: each.code,
    was: state.sealedForms[each.code] ?? "",
    names: fieldsFor(plan, each).flatMap(({ name }) => (Object.hasOwn(values, name) ? [name] : [])),
  }));
  const touched = named.filter(
    ({ code, names }) => code === item || (names.length > 0 && mayStillStart(state, code)),
  );
  const sealer = await keyring.sealer(`case/${state.id}`);
  const opened = await keyring.open(
    touched.map(({ was, names }) => (names.length > 0 ? was : "")),
    audit,
  );
  const forms = touched.map(({ code, was, names }, i) => {
    if (names.length === 0) return [code, { was, now: was }];
    const form = Object.entries({ ...opened[i], ...pickOf(values, names) }).filter(
      ([, value]) => value !== "",
    );
    return [code, { was, now: sealer.seal(Object.fromEntries(form)) }];
  });
  return Object.fromEntries(forms);
}

const pickOf = (values: Readonly<Record<string, string>>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? ""]));
