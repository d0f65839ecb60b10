// Policies to measure with: how many rules a call has to pass by, and rules that look at every call.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Rules that do not touch the calls we make: of other tools, other things, other messages. */
export function rulesBeside(count) {
  return policy(Array.from({ length: count }, (_, index) => ruleBeside(index)));
}

/** Rules that all look into the arguments of the calls we make, and let them pass. */
export function rulesThatJudge(count) {
  return policy(Array.from({ length: count }, (_, index) => ruleThatJudges(index)));
}

/** A settings file and a rules folder; gives the arguments of `mcprules`. */
export function writeSetup(folder, server, text, mcprules = {}) {
  mkdirSync(join(folder, "rules"), { recursive: true });
  writeFileSync(join(folder, "rules", "bench.mcprules"), text);
  writeFileSync(join(folder, "servers.json"), JSON.stringify({ mcpServers: { bench: server }, mcprules }));
  return ["run", "--config", join(folder, "servers.json"), "--rules", join(folder, "rules")];
}

function policy(rules) {
  return `mcprules 1\n\ndefault allow\n\n${rules.join("\n\n")}\n`;
}

function ruleBeside(index) {
  const kinds = [
    `when tools/call other_${index} with path "/etc/**"\n  block "not that one"`,
    `when tool other_${index} on bench\n  block`,
    `when result of tools/call other_${index}\n  redact /key-[0-9]{${(index % 20) + 3}}/ as "***"`,
    `when resources/read "file:///srv/${index}/**"\n  block "not there"`,
  ];
  return `rule beside-${index}\n  ${kinds[index % kinds.length]}`;
}

function ruleThatJudges(index) {
  const patterns = [`"*forbidden-${index}*"`, `/secret-${index}-[a-z]+/`, `"drop-${index} *" | "delete-${index} *"`];
  return `rule judges-${index}\n  when tools/call echo with message ${patterns[index % patterns.length]}\n  block "not those words"`;
}
