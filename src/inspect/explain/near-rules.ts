// Rules that nearly meant a message or a thing: they miss it by a name or a server that is hardly written as it was meant.
import type { Facts } from "../../engine/facts.ts";
import { truthOfTarget } from "../../engine/matching/identity-truth.ts";
import type { PreparedHead } from "../../engine/matching/prepare-head.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { compilePattern, type Pattern } from "../../expression/pattern.ts";
import type { CompiledTarget } from "../../language/compiled-policy.ts";
import { nearest } from "../../source/nearest.ts";
import { targetText } from "../clause-text.ts";

/** In words, in file order; `meant`: a rule that was expected to have a say, and is told of however far away it is. */
export function nearRules(revision: Revision, facts: Facts, meant: string | undefined): readonly string[] {
  const { heads, policy } = revision.policy;
  const told = policy.rules.flatMap(({ id, order }) => {
    const head = heads[order];
    const words = head && (missOf(head, facts) ?? (id === meant ? farFrom(head, facts) : undefined));
    return words === undefined ? [] : [`\`${id}\` ${words}`];
  });
  return told.slice(0, MOST);
}

/** More are not read. */
const MOST = 3;

function missOf(head: PreparedHead, facts: Facts): string | undefined {
  const onServer = head.clauses.identity.find(({ kind }) => kind === "on");
  const server = onServer?.kind === "on" ? missByServer(onServer.server, facts.server) : undefined;
  if (isAbout(head, facts)) return server;
  if (server === undefined && onServer?.kind === "on" && onServer.server.matchesName(facts.server ?? "") === "no") {
    return undefined;
  }
  const names = head.targets.flatMap((target) => missByName(target, facts) ?? []);
  const words = [...names.slice(0, 1), ...(server === undefined ? [] : [server])];
  return names.length === 0 ? undefined : words.join(", and ");
}

function isAbout({ targets }: PreparedHead, facts: Facts): boolean {
  return targets.some((target) => truthOfTarget(target, facts).truth !== "no");
}

function missByServer(pattern: Pattern, server: string | undefined): string | undefined {
  if (server === undefined || pattern.matchesName(server) !== "no") return undefined;
  const why = whyNot(pattern, server);
  return why && `is on \`${pattern.text}\`, and this is \`${server}\`: ${why}`;
}

function missByName(target: CompiledTarget, facts: Facts): string | undefined {
  const { name } = facts;
  if (target.kind === "any" || target.name === undefined || name === undefined) return undefined;
  const isSuch = truthOfTarget({ ...target, name: ANY_NAME }, facts).truth !== "no";
  const why = isSuch ? whyNot(target.name, name) : undefined;
  return why && `is about \`${target.name.text}\`, and this is \`${name}\`: ${why}`;
}

const ANY_NAME = compilePattern([{ kind: "regex", source: "", flags: "" }]);

/** `undefined`: it is not near. */
function whyNot(pattern: Pattern, name: string): string | undefined {
  for (const part of pattern.parts) {
    if (part.kind !== "glob") continue;
    const { text } = part;
    if (isMet(text.toLowerCase(), name.toLowerCase())) return "capitals count";
    if (isMet(text.replaceAll(/\*+/g, "**"), name)) return `\`*\` crosses no \`/\`: write \`${widened(text)}\``;
    const plain = text.replaceAll(".*", "*");
    if (isMet(plain, name)) return `a \`.\` stands for itself: write \`${plain}\``;
    if (!text.includes("*") && nearest(name, [text]) !== undefined) return "a slip?";
  }
  return undefined;
}

/** The last star crosses. */
function widened(glob: string): string {
  return glob.replace(/\*+(?=[^*]*$)/, "**");
}

function isMet(glob: string, name: string): boolean {
  return compilePattern([{ kind: "glob", text: glob }]).matchesName(name) === "yes";
}

/** `undefined`: it is about such messages, and was asked. */
function farFrom(head: PreparedHead, facts: Facts): string | undefined {
  if (isAbout(head, facts)) return undefined;
  const { method, name, kind } = facts;
  const reply = kind === "result" || kind === "error" ? `${kind} of ` : "";
  const about = head.targets.map((target) => `\`${targetText(target)}\``).join(" or ");
  return `is about ${about}, and this is \`${[reply + method, name ?? ""].join(" ").trim()}\``;
}
