// Unwrapped data keys, in memory, for a short time and never more than so many. A key counts as fetched only by those it
// was given to: another actor or purpose goes to the table, so that the record of access has no holes.

import type { KeyObject } from "node:crypto";

export interface DataKey {
  id: string;
  owner: string;
  key: KeyObject;
}

interface Entry extends DataKey {
  expires: number;
  givenTo: Set<string>;
}

export interface KeyCache {
  ofOwner(owner: string): DataKey | undefined;
  ofId(id: string, reader: string): DataKey | undefined;
  add(key: DataKey, reader?: string): void;
  dropOwner(owner: string): void;
  clear(): void;
}

export function createKeyCache({ ms, keys, now }: { ms: number; keys: number; now: () => number }): KeyCache {
  const entries = new Map<string, Entry>(); // oldest use first
  const ids = new Map<string, string>(); // of owners

  const drop = (entry: Entry): void => {
    entries.delete(entry.id);
    ids.delete(entry.owner);
  };

  function fresh(id: string | undefined): Entry | undefined {
    const entry = id === undefined ? undefined : entries.get(id);
    if (entry === undefined) return undefined;
    entries.delete(entry.id);
    if (entry.expires <= now()) {
      ids.delete(entry.owner);
      return undefined;
    }
    entries.set(entry.id, entry);
    return entry;
  }

  return {
    ofOwner: (owner) => fresh(ids.get(owner)),
    ofId(id, reader) {
      const entry = fresh(id);
      return entry?.givenTo.has(reader) ? entry : undefined;
    },
    add(key, reader) {
      // A key that is here keeps its end: using it must not keep it in memory for ever.
      const entry = fresh(key.id) ?? { ...key, expires: now() + ms, givenTo: new Set<string>() };
      if (reader !== undefined) entry.givenTo.add(reader);
      entries.set(entry.id, entry);
      ids.set(entry.owner, entry.id);
      if (entries.size > keys) drop(entries.values().next().value!);
    },
    dropOwner(owner) {
      const entry = entries.get(ids.get(owner) ?? "");
      if (entry !== undefined) drop(entry);
    },
    clear() {
      entries.clear();
      ids.clear();
    },
  };
}
