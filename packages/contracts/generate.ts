// Makes gen/ from proto/: messages, clients and servers by ts-proto, and the descriptors that reflection serves.
import { spawnSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";

const here = import.meta.dirname;
const bin = join(here, "node_modules", ".bin");
const proto = join(here, "..", "..", "proto");
const gen = join(here, "gen");

function buf(...args: string[]): void {
  const PATH = [bin, process.env.PATH].join(delimiter);
  const run = spawnSync(join(bin, "buf"), args, {
    cwd: proto,
    env: { ...process.env, PATH },
    stdio: ["ignore", 2, 2],
  });
  if (run.status !== 0) throw new Error(`buf ${args.join(" ")} failed`);
}

// Made beside and put in place whole: whoever reads gen/ meanwhile sees the old or the new.
const draft = `${gen}.${process.pid}`;
mkdirSync(draft, { recursive: true });
buf("generate", "--output", draft);
buf("build", "-o", join(draft, "descriptors.binpb"), "--as-file-descriptor-set");
rmSync(gen, { recursive: true, force: true });
renameSync(draft, gen);
