import { defineConfig } from "vitest/config";

const shared = {
  exclude: ["**/node_modules/**", "**/gen/**", "**/dist/**"],
  testTimeout: 60_000,
  hookTimeout: 120_000,
};

/** Tests that need a real Kafka or Redis. */
const engines = ["**/*.kafka.test.ts", "**/*.redis.test.ts"];
/**
 * Stories that the platform plays in both ways it runs. Of one process alone are `restore`, of its own data folder, and
 * `zones`, of the demo as a command.
 */
const inBothWays = [
  ..."birth after-death refusals refusal-policy supplement restaurant another-city at-the-window dates restart sealed live"
    .split(" ")
    .map((story) => `test/stories/${story}.test.ts`),
  "test/permissions/**/*.test.ts",
];
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
          exclude: [...shared.exclude, ...engines, "test/scaled/**", "test/laws/**"],
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
      // The platform as processes of its own: a dozen at once, so one city at a time and beside nothing else.
      {
        test: {
          ...shared,
          name: "scaled",
          include: [...inBothWays, "test/scaled/**/*.test.ts"],
          globalSetup: [postgres, "deploy/engines/vitest-setup.ts"],
          runner: "test/scaled/runner.ts",
          provide: { scaled: true },
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
      // What must hold of the code and its documents themselves: read from the files, without a database.
      { test: { ...shared, name: "laws", include: ["test/laws/**/*.test.ts"] } },
    ],
  },
});
