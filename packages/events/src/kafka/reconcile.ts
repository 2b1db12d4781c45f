// Kafka may lose what it acknowledged: a topic wiped and made again, a broker's disk, an end of retention before a consumer
// came by. So what was put is compared with what every consumer has applied. A consumer applies an event only if the one
// before it is applied (the message names it), and reports how far it has read and how far it has applied, in the metadata
// of its group's offsets. Who has read past the last event that was put, and has not applied it, has missed something.
import { type Position, start } from "@onething/journal/journal";
import type { Connection } from "./connect.ts";
import { isAfter, positionIn, textOf } from "./message.ts";
import type { Last } from "./put.ts";

/** What a consumer has applied of a partition, as its group's metadata say it. */
export interface Applied extends Position {
  partitions: number;
}

export const metadataOf = (applied: Applied): string => `${applied.partitions} ${textOf(applied)}`;

function appliedIn(metadata: string | null): Applied | undefined {
  const [partitions, position] = (metadata ?? "").split(" ");
  const at = positionIn(position ?? "");
  return at && { ...at, partitions: Number(partitions) };
}

/** By partition: the position after which a consumer lacks events. */
export type Lost = Map<number, Position>;

/** What is lost of a topic into which `put` was put; corrects the offsets of what is not there any more. */
export async function findLost(connection: Connection, topic: string, put: Last[]): Promise<Lost> {
  for (const { partition, high } of await connection.ends(topic)) {
    const last = put[partition];
    if (last) last.offset = Math.min(last.offset, high - 1);
  }
  const lost: Lost = new Map();
  for (const { partition, offset, applied } of await readsOf(connection, topic)) {
    const last = put[partition];
    // Another number of partitions puts other cases here: what was applied then says nothing.
    const upTo = applied.partitions === put.length ? applied : start;
    if (!last || offset <= last.offset || !isAfter(last, upTo)) continue;
    const known = lost.get(partition);
    if (!known || isAfter(known, upTo)) lost.set(partition, { xid: upTo.xid, position: upTo.position });
  }
  return lost;
}

interface Read {
  partition: number;
  /** The next that the group reads. */
  offset: number;
  applied: Applied;
}

/** Of all groups of this platform. */
function readsOf({ ask, groups, topicName }: Connection, topic: string): Promise<Read[]> {
  return ask(async (admin) => {
    const known = (await admin.listGroups()).groups.filter(({ groupId }) => groupId.startsWith(groups));
    const reads: Read[] = [];
    for (const { groupId } of known) {
      const [offsets] = await admin.fetchOffsets({ groupId, topics: [topicName(topic)] });
      for (const { partition, offset, metadata } of offsets?.partitions ?? []) {
        const applied = appliedIn(metadata);
        if (applied) reads.push({ partition, offset: Number(offset), applied });
      }
    }
    return reads;
  });
}
