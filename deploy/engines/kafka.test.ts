import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineMissing } from "./engine.ts";
import { jarFolder } from "./jars.ts";
import { findKafka } from "./kafka.ts";

test("a Kafka that is named and does not answer is said to be missing, and nothing else is taken for it", async () => {
  const found = findKafka({ env: { ...process.env, KAFKA_BROKERS: "127.0.0.1:1" } });
  await expect(found).rejects.toBeInstanceOf(EngineMissing);
  await expect(found).rejects.toThrow(/127\.0\.0\.1:1.*To mend it: start one, or unset KAFKA_BROKERS/);
});

describe("jars", () => {
  const files: Record<string, string> = {
    "/r/a/b/one/1/one-1.jar": "first",
    "/r/c/two/2/two-2.jar": "second",
  };
  const sha = (text: string) => createHash("sha256").update(text).digest("hex");
  const pinned = { "a.b:one:1": sha("first"), "c:two:2": sha("second") };
  let cache: string;
  let server: Server;
  let asked: string[];
  let env: NodeJS.ProcessEnv;
  beforeEach(async () => {
    cache = mkdtempSync(join(tmpdir(), "onething-jars-"));
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url!);
      const body = files[request.url!];
      response.writeHead(body ? 200 : 404).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    env = { MAVEN_REPOSITORY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/r/` };
  });
  afterEach(() => {
    server.close();
    rmSync(cache, { recursive: true, force: true });
  });

  test("are fetched once from the repository that is named, however many want them", async () => {
    const [one, other] = await Promise.all([
      jarFolder({ env, cache, pinned }),
      jarFolder({ env, cache, pinned }),
    ]);
    expect(one).toBe(other);
    expect(readdirSync(one).sort()).toEqual(["one-1.jar", "two-2.jar"]);
    expect(asked.sort()).toEqual(Object.keys(files).sort());
  });

  test("of other bytes than the pinned ones are refused, and not kept", async () => {
    const other = { ...pinned, "c:two:2": sha("something else") };
    await expect(jarFolder({ env, cache, pinned: other })).rejects.toThrow(
      /two-2\.jar is not the file that is pinned/,
    );
    expect(readdirSync(cache).filter((name) => !name.endsWith(".lock"))).toEqual([]);
  });

  test("that cannot be had are said to be missing, with what would mend it", async () => {
    const found = jarFolder({ env, cache, pinned: { "a.b:none:1": sha("") } });
    await expect(found).rejects.toBeInstanceOf(EngineMissing);
    await expect(found).rejects.toThrow(/404 for \/r\/a\/b\/none\/1\/none-1\.jar.*MAVEN_REPOSITORY_URL/);
    expect(existsSync(cache)).toBe(true);
  }, 20_000);
});
