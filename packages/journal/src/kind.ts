// A kind of root: its law as two pure functions, and where its state is kept.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

/** What happened. `data` is the protobuf message of that event type. */
export interface DomainEvent {
  type: string;
  data: object;
}

/** What `evolve` sees of an event: also when, and by whom. */
export type Happened<E> = E & { at: string; actor: string };

interface Codec {
  encode(message: never): { finish(): Uint8Array };
  decode(bytes: Uint8Array): object;
}

/** How each event type of a kind is written: schema version and protobuf codec. */
export type EventCodecs = Readonly<Record<string, { schema: number; codec: Codec }>>;

export interface Decision<E> {
  /** Nothing happened: the command is remembered by its key, and that is all. */
  events: E[];
  /** What a repeat of the same command is answered with too. Default: `{ id, version }`. */
  answer?: Json;
}

export interface Kind<S, C extends { type: string }, E extends DomainEvent> {
  /** Stream ids are `<name>/<id>`. */
  readonly name: string;
  /** Root table in the service's schema: id, version, hash, state; the service adds generated columns. */
  readonly table: string;
  /**
   * Fields of the state that lie in jsonb columns of their own, named like them, and are written only when they changed:
   * large and seldom changed ones. Such a field may be absent at first, but not again once it is set.
   */
  readonly apart?: readonly string[];
  readonly codecs: EventCodecs;
  /** The law: pure. Throws OnethingError to refuse. `version`: how many events have made the state. */
  decide(state: S | null, command: C, now: Date, version: number): Decision<E>;
  /** Pure; the fold over all events equals the stored state. State is JSON-safe. */
  evolve(state: S | null, event: Happened<E>): S;
  /** Deadlines of a state; the journal keeps the timer table in step. */
  timers?(state: S): { name: string; at: string }[];
  /** The command a due timer turns into. Its decision must end or move the timer. */
  onTimer?(name: string, at: string): C;
  /** The case a root belongs to; events of one case keep their order everywhere. */
  caseOf?(state: S): string;
  /** For verify: what is wrong with a root that waits (no owner, no due date, nothing that ends it). */
  unfinished?(state: S, now: Date): string | undefined;
}

export type AnyKind = Kind<unknown, { type: string }, DomainEvent>;

export const streamOf = (kind: { name: string }, id: string): string => `${kind.name}/${id}`;

/** The case a root belongs to, or else itself; of a repeat whose key belonged to another root there is no state to ask. */
export const caseOf = (kind: AnyKind, id: string, state: unknown): string =>
  (state === null ? undefined : kind.caseOf?.(state)) ?? id;

/** FNV-1a, signed: picks a root's lane and lock. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
