// Called by deploy/Dockerfile: lays out what one service needs to run, and says what that is (CycloneDX). The way from the
// service's package.json to its last dependency is walked once; what is not on it is not in the image.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { billOfMaterials, systemPackages } from "./sbom.mjs";

const { service, version, system, to } = parseArgs({
  options: {
    service: { type: "string" },
    version: { type: "string", default: "dev" },
    /** The base's own list of packages (dpkg), if it is to be in the bill. */
    system: { type: "string" },
    to: { type: "string" },
  },
}).values;
const root = process.cwd();

/** Folders whose name is not the image's. */
const folders = { front: "all-in-one" };
/** Who reads the city's folder is given the sample city; a real city is mounted. */
const readsTheCity = ["front", "item-catalog", "department-simulator"];

const start = join(root, "services", folders[service] ?? service);
if (!existsSync(join(start, "package.json"))) throw new Error(`there is no service ${service}`);

const seen = new Map();
walk(start);
for (const folder of seen.keys()) copy(folder);
forgotten();
// The same start-up line whatever the service; Node follows the link, so that imports resolve from the real place.
symlinkSync(relative(to, join(to, relative(root, start))), join(to, "service"));
if (readsTheCity.includes(service)) take("deploy/sample-city");
for (const file of ["package.json", "LICENSE"]) take(file);
writeFileSync(
  join(to, "sbom.cdx.json"),
  JSON.stringify(
    billOfMaterials({
      service,
      version,
      packages: [...seen.values()],
      system: system ? systemPackages(readFileSync(system, "utf8")) : [],
    }),
    null,
    2,
  ),
);
process.stdout.write(`${service}: ${seen.size} packages\n`);

/** A package's folder, and then those of its dependencies as Node would find them from there. */
function walk(folder) {
  if (seen.has(folder)) return;
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const needs = [];
  seen.set(folder, { about, own: !folder.includes(`${sep}node_modules${sep}`), needs });
  for (const name of Object.keys({ ...about.dependencies, ...about.peerDependencies })) {
    const found = lookUp(folder, name);
    if (found === undefined) {
      if (name in (about.dependencies ?? {}))
        throw new Error(`${about.name} needs ${name}, which is not installed`);
      continue;
    }
    needs.push(found);
    walk(realpathSync(found));
  }
}

/** What some package uses without saying so: pnpm links everything in one more place, where such a look-up ends. */
function forgotten() {
  const hoisted = join(root, "node_modules/.pnpm/node_modules");
  const names = readdirSync(hoisted).flatMap((name) =>
    name.startsWith("@") ? readdirSync(join(hoisted, name)).map((inner) => `${name}/${inner}`) : [name],
  );
  for (const link of names.map((name) => join(hoisted, name)))
    if (existsSync(link) && seen.has(realpathSync(link))) linkLike(link);
}

/** The same link in the image. */
function linkLike(link) {
  const at = join(to, relative(root, link));
  if (existsSync(at)) return;
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(readlinkSync(link), at);
}

function lookUp(folder, name) {
  for (let at = folder; at.startsWith(root); at = dirname(at)) {
    const candidate = join(at, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
  }
  return undefined;
}

/** The folder as it is, and the links through which it finds what it needs. */
function copy(folder) {
  const { own, needs } = seen.get(folder);
  const target = join(to, relative(root, folder));
  const inner = join(folder, "node_modules");
  cpSync(folder, target, {
    recursive: true,
    filter: (path) => path !== inner && !(own ? superfluous(folder, path) : leftOver(relative(folder, path))),
  });
  for (const link of needs) linkLike(link);
}

/** Of our own packages: tests and what they share, and what made the generated code. */
function superfluous(folder, path) {
  return (
    ["test", "generate.ts"].some((name) => path === join(folder, name)) || /\.(test|fixture)\.ts$/.test(path)
  );
}

/** A font comes in every weight, with pictures; papers are set in one (packages/documents). */
function otherWeight(path) {
  return /\.ttf(\.png)?$/.test(path) && !path.endsWith("_400Regular.ttf");
}

/** Of other people's packages: what only people or compilers read. */
function leftOver(path) {
  if (otherWeight(path)) return true;
  return /\.(map|md|markdown|ts|mts|cts|flow)$/i.test(path) && !/licen[cs]e|notice/i.test(path);
}

function take(path) {
  cpSync(join(root, path), join(to, path), { recursive: true });
}
