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
  await compare(suite, how.chains ?? Object.keys(CHAINS), (chain, isGood) => onServer(how, chain, isGood));
}
for (const [suite, how] of Object.entries(CLIENT_SUITES)) {
  await compare(suite, Object.keys(CLIENT_CHAINS), (chain, isGood) =>
    atMostTwice(() => checkClient(how, chain, cli), isGood),
  );
}
if ("popular servers".includes(options.only)) {
  for await (const { name, count, faults } of compareLists(cli))
    report(`popular servers, ${name}: ${count} things`, faults);
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

/** The same suite directly and through each chain of proxies. `check(chain, isGood)` runs it, once more if it is not. */
async function compare(suite, chains, check) {
  const wanted = chains.filter((chain) => `${suite}, ${chain}`.includes(options.only));
  if (wanted.length === 0) return;
  const direct = await check("direct", ({ isContent }) => isContent);
  report(`${suite}, direct: ${summary(direct)}`, direct.isContent ? [] : [direct.said]);
  await twoAtATime(wanted, async (chain) => {
    const faults = (proxied) => faultsOf(suite, chain, { direct, proxied });
    const proxied = await check(chain, (run) => faults(run).length === 0);
    report(`${suite}, ${chain}: ${summary(proxied)}`, faults(proxied));
    if (options.verbose && faults(proxied).length > 0) console.log(proxied.said);
  });
}

/** Each mostly waits: for programs to start, and for what the suite takes its time with. */
async function twoAtATime(items, work) {
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all([worker(), worker()]);
}

/**
 * The suite waits for some answers for a second, which may not be enough for the first of a kind where much else goes on:
 * it can be a process that has to start. A true difference is found twice.
 */
async function atMostTwice(run, isGood) {
  const first = await run();
  return isGood(first) ? first : run();
}

function faultsOf(suite, chain, { direct, proxied }) {
  const excused = known.filter(({ suites, chains }) => suites.includes(suite) && chains.includes(chain));
  const mayFail = !direct.isContent || excused.some((one) => one.proxied.some((check) => check.endsWith(":FAILURE")));
  const ends = mayFail || proxied.isContent ? [] : ["the suite is content directly, and not here"];
  return [...complaints(differences(direct.scenarios, proxied.scenarios), excused), ...ends];
}

async function onServer(how, chain, isGood) {
  const stand = openStand({ cli, fixture });
  try {
    const url = await (chain === "direct" ? stand.fixture() : CHAINS[chain](stand));
    return await atMostTwice(() => checkServer(how, url), isGood);
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
