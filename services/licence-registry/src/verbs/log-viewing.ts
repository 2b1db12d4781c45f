// A department has opened a piece of work, or a window a paper: each person whose data it was shown finds that in the access log.
import type { PublishedEvent } from "@onething/events/consumer";
import { holderKind } from "../kinds.ts";
import type { Registry } from "../registry.ts";

type Viewed = PublishedEvent<"approval.viewed">;

/** May be repeated: a look is written down once. */
export async function logViewing({ journal }: Registry, actor: string, event: Viewed): Promise<void> {
  const { by, caseId, people } = event.data;
  const about = { by, caseId, purpose: purposeOf(event.data), lookedAt: event.at };
  await Promise.all(
    people.map(({ personId, evidence, identifiers }) =>
      journal.submit(
        holderKind,
        personId,
        { type: "access", personId, evidence, identifiers, ...about },
        { actor, key: `${event.id}:viewed:${personId}`, trace: event.trace },
      ),
    ),
  );
}

function purposeOf({ name, department }: Viewed["data"]): string {
  const { zh = "", en = "" } = name ?? {};
  if (!department) return `窗口查看“${zh}” / A window reads ${en}`;
  return `${department.name?.zh ?? ""}办理“${zh}” / ${department.name?.en ?? ""} decides ${en}`;
}
