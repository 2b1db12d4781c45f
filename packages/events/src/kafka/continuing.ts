// Which messages of a batch may be applied: those whose predecessor is. After a gap nothing is, until the events that lie in
// it have been sent again, with everything after them in its order.
import type { StoredEvent } from "@onething/journal/journal";
import { start } from "@onething/journal/journal";
import type { KafkaMessage } from "kafkajs";
import { fromMessage, isAfter } from "./message.ts";
import type { Place } from "./places.ts";

export interface Continued {
  events: StoredEvent[];
  /** Where the partition stands once they are applied. */
  after: Place;
  /** Behind a gap. */
  skipped: number;
  /** Not ours, or damaged: whatever an event of ours said there is missed by the next one. */
  foreign: number;
}

export function continueFrom(place: Place, messages: readonly KafkaMessage[]): Continued {
  const events: StoredEvent[] = [];
  let { at, partitions } = place;
  let [skipped, foreign] = [0, 0];
  for (const message of messages) {
    const received = fromMessage(message);
    if (!received) {
      foreign += 1;
      continue;
    }
    // Other cases share a partition of another number: nothing is known to be applied.
    if (received.partitions !== partitions) [at, partitions] = [start, received.partitions];
    if (isAfter(received.previous, at)) {
      skipped += 1;
      continue;
    }
    const { event } = received;
    events.push(event);
    if (isAfter(event, at)) at = { xid: event.xid, position: event.position };
  }
  const next = Number(messages.at(-1)?.offset ?? place.next - 1) + 1;
  return { events, after: { ...place, next, partitions, at }, skipped, foreign };
}
