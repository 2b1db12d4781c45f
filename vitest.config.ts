import { defineConfig } from "vitest/config";

const shared = {
  exclude: ["**/node_modules/**", "**/gen/**", "**/dist/**"],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

/** Tests that need a real Kafka or Redis. */
const engines = ["**/*.kafka.test.ts", "**/*.redis.test.ts", "test/scaled/**/*.test.ts"];
const postgres = "packages/postgres/src/vitest-setup.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: "system",
          include: [
            "packages/**/*.test.ts",
            "services/**/*.test.ts",
            "test/**/*.test.ts",
            "deploy/**/*.test.ts",
          ],
          exclude: [...shared.exclude, ...engines, "test/laws/**"],
          // One real PostgreSQL for the whole run; each suite works on a database of its own, cloned from a template.
          globalSetup: [postgres],
        },
      },
      {
        test: {
          ...shared,
          name: "engines",
          include: engines,
          globalSetup: [postgres, "deploy/engines/vitest-setup.ts"],
        },
      },
      // What must hold of the code and its documents themselves: read from the files, without a database.
      { test: { ...shared, name: "laws", include: ["test/laws/**/*.test.ts"] } },
    ],
  },
});
