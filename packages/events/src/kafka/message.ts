// An event as a Kafka message: CloudEvents in binary mode, so that other systems can read it, with what our own consumers
// need to know that nothing is missing before it.
import type { Position, StoredEvent } from "@onething/journal/journal";
import kafkajs, { type IHeaders, type KafkaMessage, type Message } from "kafkajs";

/** Where a message stands in its partition. */
export interface Placed {
  /** The event that was put before it into this partition: who has applied up to there misses nothing. */
  previous: Position;
  /** How many partitions the topic had: they decide which cases share one. */
  partitions: number;
}

export interface Received extends Placed {
  event: StoredEvent;
}

const traceParent = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

export function toMessage(event: StoredEvent, source: string, placed: Placed): Message {
  const headers = {
    "content-type": "application/protobuf",
    ce_specversion: "1.0",
    ce_id: `${event.stream}@${event.version}`,
    ce_source: `/onething/${source}`,
    ce_type: event.type,
    ce_subject: event.stream,
    ce_time: event.at,
    ce_schemaversion: String(event.schema),
    ce_streamversion: String(event.version),
    ce_caseid: event.caseId,
    ce_actor: event.actor,
    ce_trace: event.trace,
    ...(traceParent.test(event.trace) ? { traceparent: event.trace } : {}),
    ce_hash: Buffer.from(event.hash).toString("hex"),
    ce_position: textOf(event),
    ce_previous: textOf(placed.previous),
    ce_partitions: String(placed.partitions),
  };
  return { key: keyOf(event), value: bytes(event.payload), headers };
}

/** Undefined where it is none of ours, or has lost what makes it one. */
export function fromMessage({ headers, value }: KafkaMessage): Received | undefined {
  const text = (name: string): string => words(headers, name);
  const [position, previous] = [positionIn(text("ce_position")), positionIn(text("ce_previous"))];
  const [version, schema, partitions] = ["streamversion", "schemaversion", "partitions"].map((name) =>
    Number(text(`ce_${name}`)),
  );
  if (!position || !previous || !version || !schema || !partitions || !text("ce_subject")) return undefined;
  const event = {
    ...position,
    stream: text("ce_subject"),
    version,
    type: text("ce_type"),
    schema,
    caseId: text("ce_caseid"),
    actor: text("ce_actor"),
    at: text("ce_time"),
    trace: text("ce_trace"),
    payload: value ?? Buffer.alloc(0),
    hash: Buffer.from(text("ce_hash"), "hex"),
  };
  return { event, previous, partitions };
}

/** Events of one case share a partition, and so keep their order. */
const keyOf = (event: StoredEvent): string => event.caseId || event.stream;

const choose = kafkajs.Partitioners.DefaultPartitioner();

/** The partition that Kafka's own clients would choose for the key, too. */
export function partitionOf(event: StoredEvent, partitions: number): number {
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    ...{ partitionId, partitionErrorCode: 0, leader: 0, replicas: [], isr: [] },
  }));
  return choose({ topic: "", partitionMetadata, message: { key: keyOf(event), value: null } });
}

export const textOf = ({ xid, position }: Position): string => `${xid}:${position}`;

export function positionIn(text: string): Position | undefined {
  const [, xid, position] = /^(\d+):(\d+)$/.exec(text) ?? [];
  return xid && position ? { xid, position: Number(position) } : undefined;
}

export function isAfter(one: Position, other: Position): boolean {
  const [a, b] = [BigInt(one.xid), BigInt(other.xid)];
  return a > b || (a === b && one.position > other.position);
}

function words(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name];
  return (Array.isArray(value) ? value[0] : value)?.toString() ?? "";
}

const bytes = (each: Uint8Array): Buffer =>
  Buffer.isBuffer(each) ? each : Buffer.from(each.buffer, each.byteOffset, each.byteLength);
