// How the tests run: every *.test.ts under test/, one process per file, real-process tests with patience.
import { defineConfig } from "vitest/config";

export const config = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 20_000,
    hookTimeout: 20_000,
    coverage: { provider: "v8", include: ["src/**/*.ts"], reportsDirectory: "coverage" },
  },
});

// Vitest reads the default export; it is the only one in this repository.
export default config;
