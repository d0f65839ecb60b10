// `npm start`: two real servers behind the proxy, a short session, and what the policy made of it. See tour/.
import { dirname } from "node:path";
import { argv, exit, stdin, stdout } from "node:process";

const [, script = "", first, ...rest] = argv;
/** This file is dist/tour.js: the clone is one folder up. */
const root = dirname(dirname(script));

if (first === "--record") {
  // The proxy starts its servers through this, so that the tour can show what they were really sent.
  const { recordServer } = await import("./tour/recorder.ts");
  recordServer(rest);
} else if (first === undefined || first === "--once") {
  const { playTour } = await import("./tour/play-tour.ts");
  const stays = first === undefined && stdin.isTTY && stdout.isTTY;
  exit(await playTour({ root, script, stays }));
} else {
  process.stderr.write(`usage: npm start [-- --once]\n`);
  exit(2);
}
