import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/**/*.test.ts", "services/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/gen/**", "**/dist/**"],
    // One real PostgreSQL for the whole run; each suite works on a database of its own, cloned from a template.
    globalSetup: ["packages/postgres/src/vitest-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
