// `npm start`: two real servers behind the proxy, a short session, and what the policy made of it. See tour/.
import { dirname } from "node:path";
import { argv, stdin, stdout } from "node:process";

const [, script = "", first, ...rest] = argv;
/** This file is dist/tour.js: the clone is one folder up. */
const root = dirname(dirname(script));

if (first === "--record") {
  // The proxy starts its servers through this, so that the tour can show what they were really sent.
  const { recordServer } = await import("./tour/recorder.ts");
  recordServer(rest);
} else if (first === undefined || first === "--once" || first === "--stay") {
  const { playTour } = await import("./tour/play-tour.ts");
  const stays = first === "--stay" || (first === undefined && stdin.isTTY && stdout.isTTY);
  process.exitCode = await playTour({ root, script, stays });
} else {
  process.stderr.write(`usage: npm start [-- --once | --stay]\n`);
  process.exitCode = 2;
}
