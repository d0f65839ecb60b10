// Loaded into a proxy beside its own program (`node --expose-gc --import`): says on SIGUSR2 how much it keeps once nothing is left to collect.
import { writeFileSync } from "node:fs";

const file = process.env["BENCH_MEMORY_FILE"];

process.on("SIGUSR2", () => {
  for (let turn = 0; turn < 3; turn++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  writeFileSync(file, String(heapUsed + external));
});
