// The second half of `npm run bench`: everybody over HTTP, lane by lane, taking turns. Alone: `node test/bench/http/run.mjs`.
// `--json`, `--rounds N`, `--calls N`, `--sessions N`, `--lanes ID,ID` (see lanes.mjs), `--as-built`, `--node-arguments "…"`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { makeReady } from "../../../tools/fresh.mjs";
import { table, targetLines } from "../report.mjs";
import { lanes } from "./lanes.mjs";
import { installOthers } from "./others.mjs";
import { judged } from "./targets.mjs";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "9" },
    calls: { type: "string", default: "2000" },
    sessions: { type: "string", default: "200" },
    lanes: { type: "string" },
    "as-built": { type: "boolean", default: false },
    "node-arguments": { type: "string", default: "" },
  },
});
const effort = { calls: Number(options.calls), sessions: Number(options.sessions) };
const rounds = Number(options.rounds);
/** Sessions stay open: what is measured of them would not be the same in a hundred rounds. */
const SESSION_ROUNDS = 3;

if (!options["as-built"]) makeReady();
const folder = mkdtempSync(join(tmpdir(), "mcprules-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const wanted = options.lanes?.split(",");
const nodeArguments = options["node-arguments"].split(" ").filter((argument) => argument !== "");
const all = lanes(folder, installOthers(folder), nodeArguments);
const numbers = new Map();
const documents = [];

for (const lane of all.filter(({ id }) => wanted?.includes(id) ?? true)) await run(lane);

const targets = judged(taken);
if (options.json) console.log(JSON.stringify({ rounds, lanes: documents, targets }, null, 2));
else console.log(targetLines(targets));
process.exit(0);

async function run(lane) {
  const { id, title, base, measurements, open } = lane;
  process.stderr.write(`${title} `);
  const { sides, close } = await open();
  const names = sides.map(({ name }) => name);
  const isOfSessions = id.startsWith("session");
  if (!isOfSessions) for (const side of sides) await warmUp(side, measurements);
  for (const { id: measurement, take, often = 1 } of measurements) {
    for (let round = 0; round < (isOfSessions ? SESSION_ROUNDS : rounds * often); round++) {
      for (let turn = 0; turn < sides.length; turn++) {
        const side = sides[(round + turn) % sides.length];
        note(`${id}/${measurement}/${side.name}`, await take(side, effort));
      }
      process.stderr.write(".");
    }
  }
  process.stderr.write("\n");
  await close();
  const of = (measurement, name) => taken(id, measurement, name);
  if (!options.json) console.log(`${title}\n${table(measurements, names, of, base)}\n`);
  documents.push({
    id,
    title,
    taken: Object.fromEntries(
      measurements.map((one) => [one.id, Object.fromEntries(names.map((name) => [name, of(one.id, name)]))]),
    ),
  });
}

/** Long enough for compilers to have done their work. */
async function warmUp(side, measurements) {
  for (const { take } of measurements) await take(side, { ...effort, calls: effort.calls * 3 });
}

function note(key, number) {
  numbers.set(key, [...(numbers.get(key) ?? []), number]);
}

function taken(lane, measurement, name) {
  return numbers.get(`${lane}/${measurement}/${name}`) ?? [];
}
