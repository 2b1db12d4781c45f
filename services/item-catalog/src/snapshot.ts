// Every version of every bundle, in memory and immutable: a question to the catalogue costs no query.
import { notFound, type OnethingError, unavailable } from "@onething/kernel/errors";
import type { Version } from "./domain/catalogue.ts";

export class Snapshot {
  readonly #versions: ReadonlyMap<string, readonly Version[]>;
  /** Newest version of each bundle that the city offers now, in the order of its files. */
  readonly offered: readonly Version[];

  constructor(versions: ReadonlyMap<string, readonly Version[]>, offered: readonly string[]) {
    this.#versions = versions;
    this.offered = offered.flatMap((code) => versions.get(code)?.at(-1) ?? []);
  }

  /** `version` 0: the newest. A bundle that is no longer offered stays readable for the cases that run on it. */
  find(code: string, version: number): Version {
    const versions = this.#versions.get(code) ?? [];
    const newest = versions.at(-1);
    if (!newest) throw unknownBundle();
    if (version === 0) return this.offered.includes(newest) ? newest : refuse(unknownBundle());
    return versions.find((each) => each.version === version) ?? refuse(unknownVersion(version));
  }
}

const refuse = (error: OnethingError): never => {
  throw error;
};
const unknownBundle = () =>
  notFound(
    "catalog.unknown_bundle",
    "没有这件事，请从事项目录中选择",
    "There is no such bundle; choose one from the list",
  );
const unknownVersion = (version: number) =>
  notFound("catalog.unknown_version", `这件事没有第 ${version} 版`, `The bundle has no version ${version}`);

/** What is in force now; replaced as a whole. */
export interface InForce {
  readonly snapshot: Snapshot;
}

export const notYet = () =>
  unavailable(
    "catalog.not_ready",
    "事项目录正在发布，请稍后再试",
    "The catalogue is being published; try again in a moment",
  );
