// A consumer turns events into commands of its own journal. Its key per event makes a repeat a no-op.
import type { StoredEvent } from "@onething/journal/journal";
import { type EventOf, type EventType, eventTypes } from "./names.ts";

interface Envelope {
  /** `<stream>@<version>`: names the event for ever; use it in idempotency keys. */
  id: string;
  stream: string;
  version: number;
  caseId: string;
  at: string;
  actor: string;
  trace: string;
}

export type PublishedEvent<T extends EventType = EventType> = EventOf<T> & Envelope;

export interface Consumer {
  /** Unique in the platform; names the cursor. */
  readonly name: string;
  readonly topics: readonly string[];
  /** Event types it acts on; others pass by without a call. */
  readonly types: readonly EventType[];
  /**
   * Those of them that are applied although an earlier event of their case is stuck, because they may be what lets it through:
   * it is tried again right after them.
   */
  readonly overtakes?: readonly EventType[];
  /** Throwing means: try again, and after the last attempt put it on the stuck list. */
  handle(event: PublishedEvent): Promise<void>;
}

/** Decodes a stored event. Errors: an event type or schema version this program does not know. */
export function published(stored: StoredEvent): PublishedEvent {
  const { type, stream, version, caseId, at, actor, trace, payload, schema } = stored;
  const entry = Object.hasOwn(eventTypes, type) ? eventTypes[type as EventType] : undefined;
  if (!entry || entry.schema < schema) throw new Error(`event ${type} of schema ${schema} is not known here`);
  const data = entry.codec.decode(payload);
  return {
    id: `${stream}@${version}`,
    type,
    data,
    stream,
    version,
    caseId,
    at,
    actor,
    trace,
  } as PublishedEvent;
}

export const topicOf = (type: string): string | undefined =>
  Object.hasOwn(eventTypes, type) ? eventTypes[type as EventType].topic : undefined;
