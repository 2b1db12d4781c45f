// The law of a bundle's root: a version is published once and never changed; the same content again is no new version.
import type { EventOf } from "@onething/events/names";
import type { Decision, Happened } from "@onething/journal/journal";

export interface BundleState {
  code: string;
  version: number;
  digest: string;
}

export interface Publish {
  type: "publish";
  code: string;
  digest: string;
  /** The publication as one JSON document. */
  content: string;
}

export type BundleEvent = EventOf<"catalog.published">;

export function decide(state: BundleState | null, command: Publish): Decision<BundleEvent> {
  if (state?.digest === command.digest) return { events: [], answer: state.version };
  const version = (state?.version ?? 0) + 1;
  const { code, digest, content } = command;
  return {
    events: [{ type: "catalog.published", data: { bundle: code, version, digest, content } }],
    answer: version,
  };
}

export const evolve = (_: BundleState | null, { data }: Happened<BundleEvent>): BundleState => ({
  code: data.bundle,
  version: data.version,
  digest: data.digest,
});
