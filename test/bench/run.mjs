// `npm run bench`: everybody in one run, taking turns: over stdio, then over HTTP (http/run.mjs, which has options of its own). `--json`, `--rounds N`, `--calls N`, `--only ID,ID`
// (see measurements.mjs), `--as-built` (dist/ as it stands), `--node-arguments "--cpu-prof …"` (for mcprules).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeReady } from "../../tools/fresh.mjs";
import { contestants } from "./contestants.mjs";
import { loadedMb, ON_LONG_LISTS, ON_SESSIONS, startAndIdle, warmUp } from "./measurements.mjs";
import { table, targetLines } from "./report.mjs";
import { Session } from "./session.mjs";
import { judged } from "./targets.mjs";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    rounds: { type: "string", default: "15" },
    calls: { type: "string", default: "4000" },
    only: { type: "string" },
    "as-built": { type: "boolean", default: false },
    "node-arguments": { type: "string", default: "" },
  },
});
const effort = { calls: Number(options.calls) };
const rounds = Number(options.rounds);
const isWanted = ({ id }) => options.only === undefined || options.only.split(",").includes(id);
const nodeArguments = options["node-arguments"].split(" ").filter((argument) => argument !== "");

if (!options["as-built"]) makeReady();
const folder = mkdtempSync(join(tmpdir(), "mcprules-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
const everybody = contestants(folder, { nodeArguments });
const names = everybody.map(({ name }) => name);
const numbers = new Map();

await onSessions(everybody, ON_SESSIONS.filter(isWanted));
await onSessions(contestants(folder, { tools: 1000, nodeArguments }), ON_LONG_LISTS.filter(isWanted));
if (isWanted({ id: "start" }) || isWanted({ id: "idle" })) await inTurns(everybody, startAlone);
if (isWanted({ id: "loaded" })) await inTurns(everybody, loadAlone, 3);

const measurements = [
  ...ON_SESSIONS,
  ...ON_LONG_LISTS,
  { id: "start", title: "start to the first list", unit: "ms" },
  { id: "idle", title: "memory idle", unit: "MB" },
  { id: "loaded", title: "memory under load", unit: "MB" },
].filter(isWanted);
const targets = options.only === undefined && names.length > 3 ? judged(taken) : [];
if (options.json) console.log(JSON.stringify({ rounds, measurements: measurements.map(asJson), targets }, null, 2));
else {
  console.log(
    "SDK proxy: its Client behind its Server. From `no rules` on: mcprules. Medians ± half the middle half.\n",
  );
  console.log(table(measurements, names, taken));
  if (targets.length > 0) console.log(`\n${targetLines(targets)}`);
}
if (options.only === undefined) await overHttp();

/** With `--json`, a document of its own. */
async function overHttp() {
  const program = fileURLToPath(new URL("http/run.mjs", import.meta.url));
  const args = ["--as-built", ...(options.json ? ["--json"] : []), `--node-arguments=${options["node-arguments"]}`];
  console.log();
  const child = spawn(process.execPath, [program, ...args], { stdio: "inherit" });
  process.once("exit", () => child.kill());
  const [code] = await once(child, "exit");
  process.exitCode = code ?? 1;
}

async function onSessions(sides, wanted) {
  if (wanted.length === 0) return;
  const sessions = [];
  for (const side of sides) sessions.push(await new Session(side).open());
  for (const session of sessions) await warmUp(session, effort);
  for (const { id, take, often = 1 } of wanted) {
    await inTurns(sessions, async (session) => note(id, session.name, await take(session, effort)), rounds * often);
  }
  for (const session of sessions) await session.close();
}

async function startAlone(side) {
  const { startMs, idleMb } = await startAndIdle(side);
  note("start", side.name, startMs);
  note("idle", side.name, idleMb);
}

async function loadAlone(side) {
  note("loaded", side.name, await loadedMb(side, effort));
}

/** Everybody once a round, each round from another one on. */
async function inTurns(sides, take, times = rounds) {
  for (let round = 0; round < times; round++) {
    for (let turn = 0; turn < sides.length; turn++) await take(sides[(round + turn) % sides.length]);
    process.stderr.write(".");
  }
  process.stderr.write("\n");
}

function note(id, name, number) {
  const key = `${id}/${name}`;
  numbers.set(key, [...(numbers.get(key) ?? []), number]);
}

function taken(id, name) {
  return numbers.get(`${id}/${name}`) ?? [];
}

function asJson({ id, title, unit }) {
  return { id, title, unit, taken: Object.fromEntries(names.map((name) => [name, taken(id, name)])) };
}
