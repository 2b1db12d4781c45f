// Makes gen/ from proto/: messages, clients and servers by ts-proto, and the descriptors that reflection serves.
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
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

rmSync(gen, { recursive: true, force: true });
mkdirSync(gen, { recursive: true });
buf("generate");
buf("build", "-o", join(gen, "descriptors.binpb"), "--as-file-descriptor-set");
