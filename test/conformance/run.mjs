// `npm run test:conformance`: the official suite against our fixture, directly and through proxies; every check must end alike.
// `--only TEXT` (part of a chain's or suite's name), `--proxy FILE` (another build), `--verbose` (what the suite says).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeReady } from "../../tools/fresh.mjs";
import { CHAINS, openStand } from "./chains.mjs";
import { complaints, countOf, differences } from "./compare.mjs";
import { checkServer, SERVER_SUITES } from "./suite.mjs";

const { values: options } = parseArgs({
  options: { only: { type: "string", default: "" }, proxy: { type: "string" }, verbose: { type: "boolean" } },
});
const cli = options.proxy ?? fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const known = JSON.parse(readFileSync(new URL("differences.json", import.meta.url), "utf8"));
const counts = { passed: 0, failed: 0 };

if (options.proxy === undefined) makeReady();
for (const [suite, how] of Object.entries(SERVER_SUITES)) await serverSuite(suite, how);
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

async function serverSuite(suite, how) {
  const chains = Object.entries(CHAINS).filter(([chain]) => `${suite}, ${chain}`.includes(options.only));
  if (chains.length === 0) return;
  const direct = await onStand((stand) => stand.fixture(), how);
  report(`${suite}, direct`, direct, direct.isContent ? [] : ["the suite is not content with the fixture itself"]);
  for (const [chain, start] of chains) {
    const name = `${suite}, ${chain}`;
    const proxied = await onStand(start, how);
    const found = differences(direct.scenarios, proxied.scenarios);
    report(name, proxied, complaints(found, knownIn(suite, chain)));
  }
}

async function onStand(start, how) {
  const stand = openStand(cli);
  try {
    return await checkServer(how, await start(stand));
  } finally {
    await stand.end();
  }
}

function knownIn(suite, chain) {
  return known.filter(({ suites, chains }) => suites.includes(suite) && chains.includes(chain));
}

function report(name, { scenarios, said }, faults) {
  counts[faults.length === 0 ? "passed" : "failed"] += 1;
  const [success, failure] = ["SUCCESS", "FAILURE"].map((status) => countOf(scenarios, status));
  console.log(`${faults.length === 0 ? "ok    " : "FAILED"} ${name} (checks: ${success} good, ${failure} bad)`);
  for (const line of faults) console.log(`         ${line}`);
  if (options.verbose && faults.length > 0) console.log(said);
}
