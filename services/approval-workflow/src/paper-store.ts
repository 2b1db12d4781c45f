// Every SQL statement about papers. Who asks is part of each: a paper for others is not there to be found.
import { stateColumns, wholeState } from "@onething/journal/journal";
import type { Database } from "@onething/postgres/database";
import type { Paper } from "./domain/paper.ts";
import { paperKind } from "./kind.ts";

/** People and windows read what is for them, an officer what is of the department; nobody has the empty name. */
export type Reader = { reader: string } | { department: string };

const mayRead = `(state -> 'readers' ? nullif($2, '') or department = nullif($3, ''))`;
const whoOf = (who: Reader): [string, string] => ("reader" in who ? [who.reader, ""] : ["", who.department]);

export type ListedPaper = Omit<Paper, "sealedPaper">;

export const papersOf = async (db: Database, reader: Reader, caseId: string): Promise<ListedPaper[]> => {
  const rows = await db.query<{ state: ListedPaper }>(
    `select state from paper where case_id = $1 and ${mayRead} order by issued_at, (state ->> 'approvalVersion')::int, id limit 1000`,
    [caseId, ...whoOf(reader)],
    "papers_of_case",
  );
  return rows.map(({ state }) => state);
};

export async function paperFor(db: Database, reader: Reader, id: string): Promise<Paper | undefined> {
  const [row] = await db.query<{ state: unknown }>(
    `select version, ${stateColumns(paperKind)} from paper where id = $1 and ${mayRead}`,
    [id, ...whoOf(reader)],
    "paper_for",
  );
  return row && (wholeState(paperKind, row) as Paper);
}

/** By the code that stands on it: for anybody who holds the paper. */
export async function paperByCode(
  db: Database,
  code: string,
): Promise<{ state: ListedPaper; revoked: boolean } | undefined> {
  const [row] = await db.query<{ state: ListedPaper; revoked: boolean }>(
    `select p.state, a.status is not distinct from 'revoked' as revoked
       from paper p left join approval a on a.id = p.state ->> 'approvalId' where p.check_code = $1`,
    [code],
    "paper_by_code",
  );
  return row;
}

export async function numberOf(db: Database, id: string): Promise<string | undefined> {
  const [row] = await db.query<{ number: string }>(
    "select number from paper where id = $1",
    [id],
    "paper_number",
  );
  return row?.number;
}

/** Kept once: the same bytes again change nothing. */
export async function keepFile(db: Database, hash: string, caseId: string, sealed: string): Promise<void> {
  await db.query(
    "insert into paper_file (hash, case_id, sealed) values ($1, $2, $3) on conflict do nothing",
    [hash, caseId, sealed],
    "paper_file_keep",
  );
}

export async function fileOf(db: Database, hash: string): Promise<string | undefined> {
  const [row] = await db.query<{ sealed: string }>(
    "select sealed from paper_file where hash = $1",
    [hash],
    "paper_file",
  );
  return row?.sealed;
}
