import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { lacking, unpackedPackages, type Wanted } from "./debian.ts";
import { EngineMissing } from "./engine.ts";

let cache: string;
let path: string | undefined;

beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), "onething-debian-"));
  path = process.env.PATH;
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const wanted = (over: Partial<Wanted> = {}): Wanted => ({
  name: "tool",
  packages: ["tool"],
  probe: ["usr/bin/tool"],
  mend: "install tool",
  cache,
  ...over,
});

/** `apt-get` and `dpkg-deb` that say what they were asked for, so that no test needs the network. */
async function withTools<T>(apt: string, deb: string, work: () => Promise<T>): Promise<T> {
  const bin = mkdtempSync(join(cache, "bin-"));
  for (const [name, script] of Object.entries({ "apt-get": apt, "dpkg-deb": deb })) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  process.env.PATH = `${bin}:${path}`;
  try {
    return await work();
  } finally {
    process.env.PATH = path;
  }
}

const APT = `
  case "$*" in
    *simulate*) echo "Inst libtool (1 Debian)"; echo "Inst libc6 [2.36] (2.37 Debian)" ;;
    *download*) shift; echo "$*" >> "$CALLS"; touch tool.deb libtool.deb ;;
  esac`;
const DEB = `
  mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu" "$3/etc/tool"
  printf '#!/bin/sh\\nexit 0\\n' > "$3/usr/bin/tool"; chmod +x "$3/usr/bin/tool"
  touch "$3/etc/tool/settings"; ln -sfn /etc/tool "$3/usr/lib/tool"; ln -sfn /etc/passwd "$3/usr/lib/outside"`;

describe("packages of the distribution, unpacked", () => {
  test("what the machine lacks is taken, what apt would only bring up to date is not", () => {
    const plan = "Inst liba (1 Debian)\nInst libc6 [2.36] (2.37 Debian) []\nConf liba (1 Debian)";
    expect(lacking(plan, ["tool"])).toEqual(["tool", "liba"]);
  });

  test("of several that want the same at once, one downloads, and all have the whole of it", async () => {
    process.env.CALLS = join(cache, "calls");
    const found = await withTools(APT, DEB, () =>
      Promise.all([1, 2, 3].map(() => unpackedPackages(wanted({ name: "together" })))),
    );
    const calls = readFileSync(process.env.CALLS, "utf8").trim().split("\n");
    expect(calls).toHaveLength(1);
    expect(calls[0]).toMatch(/download tool libtool$/);
    const [{ root, env }] = found as [(typeof found)[0]];
    expect(new Set(found.map((each) => each.root)).size).toBe(1);
    expect(env.LD_LIBRARY_PATH.split(":")).toContain(join(root, "usr/lib/x86_64-linux-gnu"));
    // Links into the package stay inside it; those to the system's own files do not change.
    expect(readlinkSync(join(root, "usr/lib/tool"))).toBe("../../etc/tool");
    expect(readlinkSync(join(root, "usr/lib/outside"))).toBe("/etc/passwd");
  });

  test("lists that are out of date are fetched anew, beside the system's own", async () => {
    const apt = `
      case "$*" in
        *update*) touch "$PWD/lists/fresh"; case "$*" in *Dir::State::lists=*) ;; *) exit 1 ;; esac ;;
        *) [ -e lists/fresh ] || { echo "E: Unable to locate package tool" >&2; exit 100; } ;;
      esac
      ${APT}`;
    const { root } = await withTools(apt, DEB, () => unpackedPackages(wanted({ name: "stale" })));
    expect(existsSync(join(root, "usr/bin/tool"))).toBe(true);
  });

  test("a copy that does not run any more is made anew, and one that never ran is not kept", async () => {
    const { root } = await withTools(APT, DEB, () => unpackedPackages(wanted({ name: "broken" })));
    writeFileSync(join(root, "usr/bin/tool"), "#!/bin/sh\nexit 1\n");
    await withTools(APT, DEB, () => unpackedPackages(wanted({ name: "broken" })));
    writeFileSync(join(root, "usr/bin/tool"), "#!/bin/sh\nexit 1\n");
    const bad = `${DEB}\nprintf '#!/bin/sh\\necho no library >&2; exit 127\\n' > "$3/usr/bin/tool"`;
    const again = withTools(APT, bad, () => unpackedPackages(wanted({ name: "broken" })));
    await expect(again).rejects.toThrow(/does not run: .*no library/);
    await expect(again).rejects.toMatchObject({ mend: "install tool" });
    expect(readdirSync(join(cache, "debian")).filter((name) => name.includes(".new-"))).toEqual([]);
  });

  test("where nothing can be downloaded it says why and what would mend it", async () => {
    const refused = withTools('echo "E: Unable to fetch" >&2; exit 100', DEB, () =>
      unpackedPackages(wanted({ name: "offline" })),
    );
    await expect(refused).rejects.toBeInstanceOf(EngineMissing);
    await expect(refused).rejects.toThrow(/Unable to fetch.*To mend it: install tool/);
  });

  test("a system without apt is told so", async () => {
    mkdirSync(join(cache, "empty"), { recursive: true });
    process.env.PATH = join(cache, "empty");
    try {
      await expect(unpackedPackages(wanted({ name: "other" }))).rejects.toThrow(/has no apt-get/);
    } finally {
      process.env.PATH = path;
    }
  });
});
