// Whether the fields a rule speaks of can be there: MCP's schema says which message carries what.
import { parsePath, type Path } from "../../expression/path.ts";
import type { Written } from "../tree/ast-values.ts";
import { helpForField } from "../explain/meant-field.ts";
import { missingIn } from "./missing-fields.ts";
import { nameOfReached, type Reached, startsInArguments } from "../reach.ts";
import { error, warning } from "../report.ts";
import type { Scope } from "../scope.ts";

/** Reports a field that none of these messages and things has. */
export function checkField(written: Written, reached: readonly Reached[], scope: Scope): void {
  const path = parsePath(written.text);
  warnOfResult(written, path, reached, scope);
  warnOfOuterName(written, path, reached, scope);
  const missing = reached.map((one) => missingIn(one, path));
  const [first] = missing;
  const [about] = reached;
  if (first === undefined || about === undefined || missing.includes(undefined)) return;
  const message = `${ownerOf(path, about, reached)} \`${first.field.replace(/^(?:client|user)\./, "")}\``;
  scope.report(error("MR501", written.span, message, helpForField(written.text, about, first)));
}

function ownerOf(path: Path, about: Reached, reached: readonly Reached[]): string {
  const [first] = path.steps;
  if (first?.kind === "member" && SURROUNDINGS.has(first.key) && path.absolute) return `\`${first.key}\` has no field`;
  return new Set(reached.map(nameOfReached)).size === 1
    ? `${nameOfReached(about)} has no field`
    : "no message of this rule has a field";
}

const SURROUNDINGS: ReadonlySet<string> = new Set(["client", "user", "server"]);

/** Nothing keeps a server from other fields, but these are mostly meant otherwise. */
function warnOfResult(written: Written, path: Path, reached: readonly Reached[], scope: Scope): void {
  const [first] = path.steps;
  const meant = !path.absolute && first?.kind === "member" ? IN_RESULTS.get(first.key) : undefined;
  const isOfTools =
    reached.length > 0 &&
    reached.every((one) => one.kind === "message" && one.phase === "result" && one.method.method === "tools/call");
  if (meant === undefined || !isOfTools) return;
  const help = `what a tool says is \`content[*].text\`, or data in \`structuredContent\`: write \`${meant}\``;
  scope.report(warning("MR570", written.span, `a tool's result has hardly a field \`${written.text}\``, help));
}

const IN_RESULTS: ReadonlyMap<string, string> = new Map([
  ["text", "content[*].text"],
  ["message", "content[*].text"],
  ["output", "content[*].text"],
  ["body", "content[*].text"],
  ["data", "structuredContent"],
  ["json", "structuredContent"],
]);

/** `arguments.path`: in the arguments themselves hardly anything is called so. */
function warnOfOuterName(written: Written, path: Path, reached: readonly Reached[], scope: Scope): void {
  const [first, second] = path.steps;
  const key = first?.kind === "member" ? first.key : "";
  const isOuter = key === "arguments" || (OUTER_NAMES.has(key) && second?.kind === "member");
  if (path.absolute || !isOuter || reached.length === 0 || !reached.every(startsInArguments)) return;
  const inner = written.text.slice(key.length).replace(/^\./, "");
  const write = inner === "" ? "write the name of an argument, or `params.arguments` for all" : `write \`${inner}\``;
  const help = `paths start in the arguments: ${write}; an argument called \`${key}\` is \`params.arguments.${written.text}\``;
  scope.report(warning("MR570", written.span, `\`${written.text}\` looks for an argument called \`${key}\``, help));
}

const OUTER_NAMES: ReadonlySet<string> = new Set(["args", "input"]);
