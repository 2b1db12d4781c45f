// After an upgrade: states that an older law has folded become what today's law makes of the same events, and their timers with
// them. Events are the truth and are not touched.
import { canonicalJson } from "@onething/kernel/canonical-json";
import type { Client, Database } from "@onething/postgres/database";
import { type AnyKind, streamOf } from "./kind.ts";
import { splitState, stateColumns, wholeState } from "./state.ts";
import { folds } from "./verify.ts";

/** Answers with how many states were other ones. A stream that cannot be folded is left as it is: `verify` names it. */
export async function refold(db: Database, kinds: readonly object[]): Promise<number> {
  let changed = 0;
  await db.withClient(async (client) => {
    for (const kind of kinds as readonly AnyKind[])
      for await (const [stream, { state, version, broken }] of folds(client, kind)) {
        if (broken) continue;
        const id = stream.slice(kind.name.length + 1);
        const [root] = await client.query<{ state: unknown; version: number }>(
          `select version, ${stateColumns(kind)} from ${kind.table} where id = $1`,
          [id],
          `journal_refold_${kind.table}`,
        );
        if (root?.version !== version) continue;
        if (canonicalJson(wholeState(kind, root)) === canonicalJson(state)) continue;
        await write(client, kind, id, version, state);
        changed += 1;
      }
  });
  return changed;
}

/** Unless somebody has moved it on meanwhile: they have folded it anew themselves. */
async function write(
  client: Client,
  kind: AnyKind,
  id: string,
  version: number,
  state: unknown,
): Promise<void> {
  const columns = Object.entries(splitState(kind, state, null));
  const set = columns.map(([name], i) => `"${name}" = $${i + 3}::jsonb`).join(", ");
  const values = columns.map(([, value]) => (value === undefined ? null : JSON.stringify(value)));
  const timers = (kind.timers?.(state) ?? []).map(({ name, at }) => ({ name, due: at }));
  await client.simple("begin");
  try {
    const rows = await client.query(
      `update ${kind.table} set ${set} where id = $1 and version = $2 returning id`,
      [id, version, ...values],
    );
    if (rows.length > 0) {
      const stream = streamOf(kind, id);
      await client.query("delete from timer where stream = $1", [stream]);
      await client.query(
        `insert into timer (stream, name, kind, root_id, due)
         select $1, name, $2, $3, due from json_to_recordset($4::json) as w(name text, due timestamptz)`,
        [stream, kind.name, id, JSON.stringify(timers)],
      );
    }
    await client.simple("commit");
  } catch (error) {
    await client.simple("rollback");
    throw error;
  }
}
