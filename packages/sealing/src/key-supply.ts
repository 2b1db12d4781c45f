// Where keys come from: memory first, else the table, with everybody who asks at the same time in one statement.

import { notFound, OnethingError } from "@onething/kernel/errors";
import { newId } from "@onething/kernel/ids";
import type { Database } from "@onething/postgres/database";
import { batched } from "./batch.ts";
import { createKeyCache, type DataKey } from "./key-cache.ts";
import { type Audit, createKeys, fetchKeys, keysOfOwners } from "./key-store.ts";
import type { Master } from "./master.ts";
import { newDataKey, wrap } from "./master-key.ts";

export interface KeySupply {
  toSeal(owner: string): Promise<DataKey>;
  toOpen(id: string, audit: Audit): Promise<DataKey>;
  forget(owner: string): void;
  forgetAll(): void;
}

interface SupplyOptions {
  db: Database;
  master: Master;
  actor: string;
  cache: { ms: number; keys: number; now: () => number };
}

type Answer = DataKey | OnethingError;

const LIMITS = { most: 1000, mostWaiting: 20_000 };
const OWNER = /^[a-z]+\/[\w.-]{1,128}$/;

export function createKeySupply({ db, master, actor, cache: limits }: SupplyOptions): KeySupply {
  const cache = createKeyCache(limits);
  const ofOwner = batched(
    (owners: string[]) => keysFor(db, master, owners, { actor, purpose: "seal" }),
    LIMITS,
  );
  const ofId = batched((wanted: Array<Audit & { id: string }>) => keysById(db, master, wanted), LIMITS);
  return {
    async toSeal(owner) {
      if (!OWNER.test(owner)) throw new RangeError(`not an owner of a data key: ${owner}`);
      const cached = cache.ofOwner(owner);
      if (cached !== undefined) return cached;
      const key = held(await ofOwner(owner));
      cache.add(key);
      return key;
    },
    async toOpen(id, { actor, purpose }) {
      const reader = JSON.stringify([actor, purpose]);
      const cached = cache.ofId(id, reader);
      if (cached !== undefined) return cached;
      const key = held(await ofId({ id, actor, purpose }));
      cache.add(key, reader);
      return key;
    },
    forget: (owner) => cache.dropOwner(owner),
    forgetAll: () => cache.clear(),
  };
}

/** The keys of these owners. Each is offered a new one; whoever has one already keeps it. */
async function keysFor(db: Database, master: Master, asked: string[], audit: Audit): Promise<Answer[]> {
  const owners = [...new Set(asked)];
  const offered = new Map(owners.map((owner) => [owner, { id: newId(), owner, key: newDataKey() }]));
  const current = master.current();
  const candidates = [...offered.values()].map(({ id, owner, key }) => {
    return { id, owner, wrapped: wrap(current, id, owner, key), masterVersion: current.current };
  });
  const rows = await createKeys(db, candidates, audit);
  const seen = new Set(rows.map(({ owner }) => owner));
  const raced = owners.filter((owner) => !seen.has(owner));
  if (raced.length > 0) rows.push(...(await keysOfOwners(db, raced, audit)));

  const keys = new Map<string, Answer>();
  for (const row of rows) {
    const own = offered.get(row.owner)!;
    keys.set(row.owner, own.id === row.id ? own : await master.unwrapped(row));
  }
  return asked.map((owner) => keys.get(owner)!);
}

async function keysById(
  db: Database,
  master: Master,
  wanted: Array<Audit & { id: string }>,
): Promise<Answer[]> {
  const keys = new Map<string, Answer>();
  for (const row of await fetchKeys(db, wanted)) keys.set(row.id, await master.unwrapped(row));
  return wanted.map(({ id }) => keys.get(id) ?? unknownKey(id));
}

function held(answer: Answer): DataKey {
  if (answer instanceof OnethingError) throw answer;
  return answer;
}

const unknownKey = (id: string): OnethingError =>
  notFound(
    "keyring.unknown_key",
    "加密数据所用的密钥不在本系统的密钥库中，无法打开。请联系系统管理员。",
    "The key of this sealed data is not in this system's keyring. Please tell the administrator.",
    { internal: `no data key ${id}` },
  );
