// What goes into a flush and what comes out of it.
import type { StoredEvent } from "./chain.ts";
import type { AnyKind, Json } from "./kind.ts";

export interface Command {
  kind: AnyKind;
  id: string;
  command: { type: string };
  actor: string;
  /** Always set: a submission without a key of its own gets a random one, so that a flush can be repeated safely. */
  key: string;
  requestHash: Buffer;
  trace: string;
  /** Its key is kept only if something happened: a timer that was early is asked again. */
  forgetful?: boolean;
}

export interface Applied {
  id: string;
  version: number;
  state: unknown;
  answer: Json;
  repeated: boolean;
}

export type Outcome = { ok: true; value: Applied } | { ok: false; error: unknown };

export interface Root {
  version: number;
  hash: Uint8Array;
  state: unknown;
}

export interface KeyRow {
  requestHash: Uint8Array;
  stream: string;
  version: number;
  /** null stands for the usual answer, `{ id, version }`. */
  answer: Json;
}

export type NewEvent = Omit<StoredEvent, "xid" | "position">;

export interface ChangedRoot {
  kind: AnyKind;
  id: string;
  root: Root;
  /** State when the flush began; null of a new root. */
  before: unknown;
}

/** What a flush will write. */
export interface Batch {
  /** The flush's one instant: `now` of every command and `at` of every event in it. */
  at: string;
  events: NewEvent[];
  roots: Map<string, ChangedRoot>;
  keys: (KeyRow & { actor: string; key: string })[];
  timersSet: { stream: string; name: string; kind: string; id: string; due: string }[];
  timersGone: { stream: string; name: string }[];
}

export const keyOf = (actor: string, key: string): string => `${actor}\n${key}`;
