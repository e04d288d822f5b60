import { defineConfig } from "vitest/config";

// Tests resolve the packages' TypeScript sources (condition "tidemark-source"), so that a failing line is the line one edits.
export default defineConfig({
  ssr: { resolve: { conditions: ["tidemark-source", "node"] } },
  resolve: { conditions: ["tidemark-source", "node"] },
  test: {
    include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default"],
  },
});
