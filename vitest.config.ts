// How the tests run: tables and laws side by side; then, one file at a time, those that start real processes and watch the clock.
import { defineConfig } from "vitest/config";

const PROCESSES = ["test/{cli,conformance/interceptors,docs,e2e,io,modules-examples,rules-examples}/**/*.test.ts"];

const common = { pool: "forks" as const, testTimeout: 20_000, hookTimeout: 20_000 };

export const config = defineConfig({
  test: {
    coverage: { provider: "v8", include: ["src/**/*.ts"], reportsDirectory: "coverage" },
    projects: [
      {
        test: {
          ...common,
          name: "values",
          setupFiles: ["test/seed.ts"],
          // What they test holds no state: loading it anew for each file took two thirds of the time.
          isolate: false,
          include: ["test/**/*.test.ts"],
          exclude: PROCESSES,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Two cores are one proxy and one server: a second file beside it would be measured, not the proxy.
        test: {
          ...common,
          name: "processes",
          include: PROCESSES,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});

// Vitest reads the default export; it is the only one in this repository.
export default config;
