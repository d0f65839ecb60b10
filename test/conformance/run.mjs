// `npm run test:conformance`: through the proxy everything must be as it is directly: every check of the official suite, and every
// list of servers that people use. `--only TEXT` (part of a line's name), `--proxy FILE` (another build), `--verbose` (the suite's words).
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeReady } from "../../tools/fresh.mjs";
import { CHAINS, CLIENT_CHAINS, openStand } from "./chains.mjs";
import { complaints, countOf, differences } from "./compare.mjs";
import { bundleFixture } from "./fixture/bundle.mjs";
import { compareLists } from "./popular-servers.mjs";
import { checkClient, checkServer, CLIENT_SUITES, SERVER_SUITES } from "./suite.mjs";

const { values: options } = parseArgs({
  options: { only: { type: "string", default: "" }, proxy: { type: "string" }, verbose: { type: "boolean" } },
});
const cli = options.proxy ?? fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const known = JSON.parse(readFileSync(new URL("differences.json", import.meta.url), "utf8"));
const counts = { passed: 0, failed: 0 };

if (options.proxy === undefined) makeReady();
const fixture = await bundleFixture();
for (const [suite, how] of Object.entries(SERVER_SUITES)) {
  await compare(suite, Object.keys(CHAINS), (chain) => onServer(how, chain));
}
for (const [suite, how] of Object.entries(CLIENT_SUITES)) {
  await compare(suite, Object.keys(CLIENT_CHAINS), (chain) => checkClient(how, chain, cli));
}
if ("popular servers".includes(options.only)) {
  for await (const { name, count, faults } of compareLists(cli))
    report(`popular servers, ${name}: ${count} things`, faults);
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** The same suite directly and through each chain of proxies. `check(chain)` runs it. */
async function compare(suite, chains, check) {
  const wanted = chains.filter((chain) => `${suite}, ${chain}`.includes(options.only));
  if (wanted.length === 0) return;
  const direct = await check("direct");
  report(`${suite}, direct: ${summary(direct)}`, direct.isContent ? [] : [direct.said]);
  for (const chain of wanted) {
    let proxied = await check(chain);
    let faults = faultsOf(suite, chain, { direct, proxied });
    if (faults.length > 0) {
      // The suite waits for a second here and there, which may not be enough where much else goes on.
      console.log(`again  ${suite}, ${chain}: ${faults.length} lines of differences`);
      proxied = await check(chain);
      faults = faultsOf(suite, chain, { direct, proxied });
    }
    report(`${suite}, ${chain}: ${summary(proxied)}`, faults);
    if (options.verbose && faults.length > 0) console.log(proxied.said);
  }
}

function faultsOf(suite, chain, { direct, proxied }) {
  const excused = known.filter(({ suites, chains }) => suites.includes(suite) && chains.includes(chain));
  const mayFail = !direct.isContent || excused.some((one) => one.proxied.some((check) => check.endsWith(":FAILURE")));
  const ends = mayFail || proxied.isContent ? [] : ["the suite is content directly, and not here"];
  return [...complaints(differences(direct.scenarios, proxied.scenarios), excused), ...ends];
}

async function onServer(how, chain) {
  const stand = openStand({ cli, fixture });
  try {
    return await checkServer(how, await (chain === "direct" ? stand.fixture() : CHAINS[chain](stand)));
  } finally {
    await stand.end();
  }
}

function summary({ scenarios }) {
  return `${countOf(scenarios, "SUCCESS")} checks good, ${countOf(scenarios, "FAILURE")} bad`;
}

function report(line, faults) {
  const isGood = faults.length === 0;
  counts[isGood ? "passed" : "failed"] += 1;
  console.log(`${isGood ? "ok    " : "FAILED"} ${line}`);
  for (const fault of faults) console.log(`         ${fault}`);
}
