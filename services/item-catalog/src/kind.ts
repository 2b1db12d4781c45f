// The kind of root that this service keeps in its journal.
import { codecs } from "@onething/events/names";
import type { Kind } from "@onething/journal/journal";
import { type BundleEvent, type BundleState, decide, evolve, type Publish } from "./domain/bundle-law.ts";

export const bundleKind: Kind<BundleState, Publish, BundleEvent> = {
  name: "bundle",
  table: "bundle",
  codecs: codecs("catalog.published"),
  decide,
  evolve,
};
