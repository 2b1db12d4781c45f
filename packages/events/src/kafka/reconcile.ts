// Kafka may lose what it acknowledged: a topic wiped and made again, a broker's disk, an end of retention before a consumer
// came by. So what was put is compared with what every consumer has applied. A consumer applies an event only if the one
// before it is applied (the message names it), and reports how far it has read and how far it has applied, in the metadata
// of its group's offsets. Who has read past the last event that was put, and has not applied it, has missed something.
import { type Position, start } from "@onething/journal/journal";
import type { Admin } from "kafkajs";
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
  const admin = await connection.admin();
  const name = connection.topicName(topic);
  for (const { partition, high } of await connection.ends(topic)) {
    const last = put[partition];
    if (last) last.offset = Math.min(last.offset, high - 1);
  }
  const lost: Lost = new Map();
  const { groups } = await admin.listGroups();
  for (const { groupId } of groups.filter((group) => group.groupId.startsWith(connection.groups))) {
    for (const { partition, offset, applied } of await readsOf(admin, groupId, name)) {
      const last = put[partition];
      // Another number of partitions puts other cases here: what was applied then says nothing.
      const upTo = applied.partitions === put.length ? applied : start;
      if (!last || offset <= last.offset || !isAfter(last, upTo)) continue;
      const known = lost.get(partition);
      if (!known || isAfter(known, upTo)) lost.set(partition, { xid: upTo.xid, position: upTo.position });
    }
  }
  return lost;
}

async function readsOf(admin: Admin, groupId: string, topic: string) {
  const [offsets] = await admin.fetchOffsets({ groupId, topics: [topic] });
  return (offsets?.partitions ?? []).flatMap(({ partition, offset, metadata }) => {
    const applied = appliedIn(metadata);
    return applied ? [{ partition, offset: Number(offset), applied }] : [];
  });
}
