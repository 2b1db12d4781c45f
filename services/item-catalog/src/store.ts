// All SQL of this service's reads.
import type { Database } from "@onething/postgres/database";

export async function bundleCodes(db: Database): Promise<string[]> {
  const rows = await db.query<{ id: string }>("select id from bundle order by id", [], "catalog_bundles");
  return rows.map(({ id }) => id);
}
