// A look at what others' data stands in is written down before it is answered; who pages through a desk leaves one an hour.
import { type Shown, viewingId } from "../domain/viewing.ts";
import { viewingKind } from "../kind.ts";
import type { Deps } from "./deps.ts";

export interface Looker {
  actor: string;
  /** A window looks for no department. */
  atWindow?: boolean;
}

/** `thing`: id of what was looked at. */
export async function recordLook(
  { journal, now }: Pick<Deps, "journal" | "now">,
  { actor, atWindow = false }: Looker,
  thing: string,
  shown: Shown,
): Promise<void> {
  const id = viewingId(thing, actor, now());
  const { item } = shown.of;
  const of = atWindow ? { ...shown.of, item: { ...item, department: undefined } } : shown.of;
  const once = { actor, key: `view:${id}`, body: { view: id } };
  await journal.submit(viewingKind, id, { ...shown, of, by: actor, id }, once);
}
