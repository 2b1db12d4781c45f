// Publishes a catalogue: proves it, records a version where the content differs from the last, and reads back every version.
import { createHash } from "node:crypto";
import type { Journal } from "@onething/journal/journal";
import { canonicalJson } from "@onething/kernel/canonical-json";
import { type Catalogue, type Publication, publicationOf, type Version } from "../domain/catalogue.ts";
import { readPublication } from "../domain/language/publication.ts";
import { refusal } from "../domain/mistakes.ts";
import { prove } from "../domain/prove.ts";
import { bundleKind, calendarKind } from "../kind.ts";
import { Snapshot } from "../snapshot.ts";
import { bundleCodes } from "../store.ts";

const actor = "service:item-catalog";

/** Throws `catalog.not_publishable` and publishes nothing if anything is not proved. */
export async function publish(journal: Journal, catalogue: Catalogue): Promise<Snapshot> {
  const mistakes = prove(catalogue);
  if (mistakes.length > 0)
    throw refusal(mistakes.map(({ place, text }) => ({ at: place.path.map(String).join("."), text })));
  await Promise.all([
    ...catalogue.bundles.map((bundle) => publishOne(journal, publicationOf(catalogue, bundle))),
    publishCalendar(journal, catalogue),
  ]);
  return readAll(journal, catalogue);
}

function publishOne(journal: Journal, publication: Publication) {
  const { code } = publication.bundle;
  const content = canonicalJson(publication);
  const digest = createHash("sha256").update(content).digest("hex");
  return journal.submit(bundleKind, code, { type: "publish", code, digest, content }, { actor });
}

/** Whoever counts days, and watches over those of departments, hears of it; also of a city that is in all as usual. */
async function publishCalendar(
  journal: Journal,
  { announcedYears, localHolidays, supervision }: Catalogue,
): Promise<void> {
  const content = canonicalJson({ announcedYears, localHolidays, supervision });
  const digest = createHash("sha256").update(content).digest("hex");
  await journal.submit(calendarKind, "city", { type: "publish", digest, content }, { actor });
}

async function readAll(journal: Journal, { bundles }: Catalogue): Promise<Snapshot> {
  const codes = await bundleCodes(journal.db);
  const versions = await Promise.all(codes.map((code) => readVersions(journal, code)));
  const byCode = new Map(codes.map((code, index) => [code, versions[index]!]));
  return new Snapshot(
    byCode,
    bundles.map(({ code }) => code),
  );
}

async function readVersions(journal: Journal, code: string): Promise<Version[]> {
  const events = await journal.history(bundleKind, code);
  return events.map((event) => {
    const { version, digest, content } = event.data as { version: number; digest: string; content: string };
    return { code, version, digest, content: readPublication(content) };
  });
}
