// `npm start`: makes the clone ready, then plays the tour (src/cli/tour.ts) with the arguments given.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeReady, ROOT } from "./fresh.mjs";

makeReady();
const tour = join(ROOT, "dist/tour.js");
process.argv[1] = tour;
await import(pathToFileURL(tour).href);
