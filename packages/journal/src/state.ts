// How a state lies in its table: whole in `state`, or with some large and seldom changed fields in columns of their own.
type Apart = { readonly apart?: readonly string[] };
type Fields = Record<string, unknown>;

const quoted = (name: string): string => `"${name}"`;

/** Columns to select for `wholeState`. */
export const stateColumns = ({ apart = [] }: Apart): string => ["state", ...apart.map(quoted)].join(", ");

export function wholeState({ apart }: Apart, row: { state: unknown }): unknown {
  if (!apart) return row.state;
  const set = apart.filter((name) => (row as Fields)[name] !== null);
  return {
    ...(row.state as Fields),
    ...Object.fromEntries(set.map((name) => [name, (row as Fields)[name]])),
  };
}

/**
 * The columns of a state. A field apart is null where it did not change since `before`: events make new values, so a
 * field that is the same object is the same.
 */
export function splitState({ apart }: Apart, state: unknown, before: unknown): Fields {
  if (!apart) return { state };
  const rest: Fields = { ...(state as Fields) };
  const columns: Fields = { state: rest };
  for (const name of apart) {
    columns[name] = rest[name] === (before as Fields | null)?.[name] ? null : rest[name];
    delete rest[name];
  }
  return columns;
}

/** The parts of an upsert that fields apart add: columns, their types, and how the old value is kept. */
export const apartColumns = ({ table, apart = [] }: Apart & { table: string }) => ({
  names: apart.map((name) => `, ${quoted(name)}`).join(""),
  types: apart.map((name) => `, ${quoted(name)} jsonb`).join(""),
  keep: apart
    .map((name) => `, ${quoted(name)} = coalesce(excluded.${quoted(name)}, ${table}.${quoted(name)})`)
    .join(""),
});
