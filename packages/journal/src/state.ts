// How a state lies in its table: whole in `state`, or with its large and seldom changed fields in `frozen`.
type Frozen = { readonly frozen?: readonly string[] };
type Fields = Record<string, unknown>;

/** Columns to select for `wholeState`. */
export const stateColumns = (kind: Frozen): string => (kind.frozen ? "state, frozen" : "state");

export const wholeState = (row: { state: unknown; frozen?: unknown }): unknown =>
  row.frozen ? { ...(row.state as Fields), ...(row.frozen as Fields) } : row.state;

/**
 * The columns of a state. `frozen` is null where nothing in it changed since `before`: events make new values, so a field
 * that is the same object is the same.
 */
export function splitState(
  { frozen: names }: Frozen,
  state: unknown,
  before: unknown,
): { state: unknown; frozen?: Fields | null } {
  if (!names) return { state };
  const hot: Fields = { ...(state as Fields) };
  const frozen: Fields = {};
  for (const name of names) {
    frozen[name] = hot[name];
    delete hot[name];
  }
  const old = before as Fields | null;
  const same = old !== null && names.every((name) => old[name] === frozen[name]);
  return { state: hot, frozen: same ? null : frozen };
}
