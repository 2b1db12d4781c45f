// For tests: the sample city's catalogue, and a published version of each of its bundles.
import { fileURLToPath } from "node:url";
import { readCity } from "./city.ts";
import { type Catalogue, publicationOf, type Version } from "./domain/catalogue.ts";

const { catalogue } = await readCity(fileURLToPath(new URL("../../../deploy/sample-city/", import.meta.url)));

export const sampleCity: Catalogue = catalogue;

export function versionOf(from: Catalogue, code: string): Version {
  const bundle = from.bundles.find((each) => each.code === code)!;
  return { code, version: 1, digest: "d", content: publicationOf(from, bundle) };
}
