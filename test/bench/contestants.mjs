// Who is measured against whom, and how each is started.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rulesBeside, rulesThatJudge, writeSetup } from "./policies.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const NODE = process.execPath;

const POLICIES = [
  ["no rules", () => rulesBeside(0)],
  ["100 rules", () => rulesBeside(100)],
  ["10,000 rules", () => rulesBeside(10_000)],
  ["100 judging", () => rulesThatJudge(100)],
];

/** `tools`: how many tools the server lists. `nodeArguments`: for mcprules only, such as `--cpu-prof`. */
export function contestants(folder, { tools = 3, nodeArguments = [] } = {}) {
  const server = { command: NODE, args: [join(HERE, "upstream.mjs"), "--tools", String(tools)] };
  const behind = (proxy) => ({ command: NODE, args: [join(HERE, proxy), server.command, ...server.args] });
  const ours = existsSync(CLI)
    ? POLICIES.map(([name, rules], index) => {
        const setup = join(folder, `${tools}-${index}`);
        return { name, command: NODE, args: [...nodeArguments, CLI, ...writeSetup(setup, server, rules())] };
      })
    : [];
  return [
    { name: "direct", ...server },
    { name: "byte pipe", ...behind("byte-pipe.mjs") },
    { name: "SDK proxy", ...behind("naive-proxy.mjs") },
    ...ours,
  ];
}
