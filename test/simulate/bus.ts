// Messages between the services: each consumer gets every event of its topics, those of one case in their order, each at least
// once. Otherwise anything goes: other cases overtake, deliveries are cut off and made again, old stretches come once more.
import type { Consumer, PublishedEvent } from "@onething/events/consumer";
import { eventTypes } from "@onething/events/names";
import type { RecordedEvent } from "@onething/journal/journal";
import { between, oneOf, type Random } from "../chaos/random.ts";

interface Line {
  consumer: Consumer;
  source: { readonly log: readonly RecordedEvent[] };
  /** How far the source was read. */
  read: number;
  /** By case: what is to come, and what has been delivered (it may come again). */
  cases: Map<string, { waiting: PublishedEvent[]; delivered: PublishedEvent[] }>;
}

export interface Bus {
  /** Delivers one message, or several again; false: nothing is left to deliver. */
  step(): Promise<boolean>;
  /** Messages delivered, and how many of them again. */
  readonly counts: { delivered: number; again: number; cutOff: number };
}

/** Chances of a delivery: that it is cut off half-way, that a stretch of the case comes again. */
const cutOff = 0.03;
const again = 0.05;

export function createBus(
  random: Random,
  wires: readonly { consumer: Consumer; from: readonly { readonly log: readonly RecordedEvent[] }[] }[],
): Bus {
  const lines: Line[] = wires.flatMap(({ consumer, from }) =>
    from.map((source) => ({ consumer, source, read: 0, cases: new Map() })),
  );
  const counts = { delivered: 0, again: 0, cutOff: 0 };

  const readOn = (line: Line) => {
    for (; line.read < line.source.log.length; line.read++) {
      const event = line.source.log[line.read] as unknown as PublishedEvent;
      const topic = eventTypes[event.type].topic;
      if (!line.consumer.topics.includes(topic) || !line.consumer.types.includes(event.type)) continue;
      const of = line.cases.get(event.caseId) ?? { waiting: [], delivered: [] };
      of.waiting.push(event);
      line.cases.set(event.caseId, of);
    }
  };

  return {
    counts,
    async step() {
      for (const line of lines) readOn(line);
      const open = lines.flatMap((line) =>
        [...line.cases.values()].filter(({ waiting }) => waiting.length > 0).map((of) => ({ line, of })),
      );
      if (open.length === 0) return false;
      const { line, of } = oneOf(random, open);
      if (of.delivered.length > 0 && random() < again) {
        // A consumer that came back starts from an older place.
        for (const event of of.delivered.slice(-between(random, 1, 5))) {
          counts.again += 1;
          await deliver(line.consumer, event);
        }
      }
      const event = of.waiting[0]!;
      if (random() < cutOff) {
        // It is heard, and heard again: whoever was cut off does not know how far it got.
        counts.cutOff += 1;
        await deliver(line.consumer, event);
        return true;
      }
      await deliver(line.consumer, event);
      of.waiting.shift();
      of.delivered.push(event);
      counts.delivered += 1;
      return true;
    },
  };
}

/** A consumer that died in the middle is started again and hears the event again. */
async function deliver(consumer: Consumer, event: PublishedEvent): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await consumer.handle(event);
    } catch (error) {
      if ((error as { reason?: string }).reason !== "simulation.died" || attempt > 50) throw error;
    }
  }
}
