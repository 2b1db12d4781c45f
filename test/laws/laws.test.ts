// Every law is held against the repository, and put to the test itself: on small trees that break it, it must say so.
import { describe, expect, test } from "vitest";
import { catalogueIsData } from "./city.ts";
import { trueCommands, trueDocuments } from "./documents.ts";
import { declaredRoutes } from "./doors.ts";
import { listedEvents } from "./events.ts";
import type { Law } from "./law.ts";
import { ownService, pureDomain, thinDoors } from "./layers.ts";
import { configReadsEnvironment, nothingRemoteInside, ownersOfConnections } from "./outside.ts";
import { ownSchema } from "./own-schema.ts";
import { nothingGenerated, shortFiles, shortRoot } from "./repository.ts";
import { repository, smallTree } from "./tree.ts";
import { honestTypes } from "./types.ts";
import { bothLanguages } from "./wording.ts";

const laws: Law[] = [
  pureDomain,
  thinDoors,
  ownService,
  configReadsEnvironment,
  ownersOfConnections,
  nothingRemoteInside,
  ownSchema,
  nothingGenerated,
  trueDocuments,
  trueCommands,
  catalogueIsData,
  declaredRoutes,
  listedEvents,
  bothLanguages,
  honestTypes,
  shortRoot,
  shortFiles,
];

const here = repository();

// A law that finds no file to look at would be kept by anything.
test.each([
  ["domains", /^services\/[\w-]+\/src\/domain\/.+\.ts$/],
  ["gRPC doors", /^services\/[\w-]+\/src\/rpc\.ts$/],
  ["HTTP doors", /^services\/[\w-]+\/src\/http(\/.+)?\.ts$/],
  ["consumers", /^services\/[\w-]+\/src\/events\.ts$/],
  ["stores", /^services\/[\w-]+\/src\/store\.ts$/],
  ["settings", /^services\/[\w-]+\/src\/config\.ts$/],
  ["migrations", /\/migrations\/\d{4}_\w+\.sql$/],
  ["events", /^proto\/onething\/\w+\/v1\/events\.proto$/],
  ["the city", /^deploy\/sample-city\/.+\.yaml$/],
  ["documents", /\.md$/],
])("there are %s to hold the laws against", (_, where) => {
  expect(here.paths.filter((path) => where.test(path))).not.toEqual([]);
});

describe.each(laws)("$says", (law) => {
  test("is kept", () => {
    expect(law.find(here)).toEqual([]);
  });

  test.each(law.refuses.map((files, index) => ({ files, index })))("refuses example $index", ({ files }) => {
    expect(law.find(smallTree(files))).not.toEqual([]);
  });

  test.each((law.accepts ?? []).map((files, index) => ({ files, index })))(
    "accepts example $index",
    ({ files }) => {
      expect(law.find(smallTree(files))).toEqual([]);
    },
  );
});
