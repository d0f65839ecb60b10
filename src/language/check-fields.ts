// Whether the fields a rule speaks of can be there: MCP's schema says which message carries what.
import { parsePath, type Path, type Step } from "../expression/path.ts";
import { fieldsOf, fieldsOfThing, type FieldTree } from "../mcp/fields.ts";
import { LISTS } from "../mcp/lists.ts";
import { nearest } from "../source/nearest.ts";
import type { Written } from "./ast.ts";
import { LEAF, naturalFields } from "./known-fields.ts";
import { isReplyPhase, nameOfReached, type Reached } from "./reach.ts";
import { error, warning } from "./report.ts";
import type { Scope } from "./scope.ts";

/** Reports a field that none of these messages and things has. */
export function checkField(written: Written, reached: readonly Reached[], scope: Scope): void {
  const path = parsePath(written.text);
  warnOfOuterName(written, path, reached, scope);
  const missing = reached.map((one) => missingIn(one, path));
  const [first] = missing;
  const [about] = reached;
  if (first === undefined || about === undefined || missing.includes(undefined)) return;
  const message = `${ownerOf(path, about, reached)} \`${first.field.replace(/^(?:client|user)\./, "")}\``;
  scope.report(error("MR501", written.span, message, helpFor(written.text, about, first)));
}

function ownerOf(path: Path, about: Reached, reached: readonly Reached[]): string {
  const [first] = path.steps;
  if (first?.kind === "member" && SURROUNDINGS.has(first.key) && path.absolute) return `\`${first.key}\` has no field`;
  return new Set(reached.map(nameOfReached)).size === 1
    ? `${nameOfReached(about)} has no field`
    : "no message of this rule has a field";
}

/** `arguments.path`: in the arguments themselves hardly anything is called so. */
function warnOfOuterName(written: Written, path: Path, reached: readonly Reached[], scope: Scope): void {
  const [first, second] = path.steps;
  warnOfResult(written, path, reached, scope);
  const key = first?.kind === "member" ? first.key : "";
  const isOuter = key === "arguments" || (OUTER_NAMES.has(key) && second?.kind === "member");
  if (path.absolute || !isOuter || reached.length === 0 || !reached.every(startsInArguments)) return;
  const inner = written.text.slice(key.length).replace(/^\./, "");
  const write = inner === "" ? "write the name of an argument, or `params.arguments` for all" : `write \`${inner}\``;
  const help = `paths start in the arguments: ${write}; an argument called \`${key}\` is \`params.arguments.${written.text}\``;
  scope.report(warning("MR570", written.span, `\`${written.text}\` looks for an argument called \`${key}\``, help));
}

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

const OUTER_NAMES: ReadonlySet<string> = new Set(["args", "input"]);

function startsInArguments(reached: Reached): boolean {
  return reached.kind === "message" && reached.phase === "request" && reached.method.body.length > 1;
}

const SURROUNDINGS: ReadonlySet<string> = new Set(["client", "user", "server"]);

/** Whether some of these messages and things may have it. */
export function hasField(path: Path, reached: readonly Reached[]): boolean {
  return reached.some((one) => missingIn(one, path) === undefined);
}

interface Missing {
  /** The path up to what is not there. */
  readonly field: string;
  /** What is there instead. */
  readonly known: readonly string[];
}

function missingIn(reached: Reached, path: Path): Missing | undefined {
  const [first, ...rest] = path.steps;
  if (first?.kind !== "member") return undefined;
  if (!path.absolute) return missingBelow(naturalFields(reached), path.steps, "");
  return missingAtRoot(reached, first.key, rest);
}

function missingAtRoot(reached: Reached, root: string, rest: readonly Step[]): Missing | undefined {
  switch (root) {
    case "params":
    case "result":
    case "error":
      return reached.kind === "thing" ? missingAtThing(root) : missingInPart(reached, root, rest);
    case "request":
      return reached.kind !== "thing" && isReplyPhase(reached.phase)
        ? missingInRequest(reached, rest)
        : { field: root, known: [] };
    case "client":
      return missingBelow(CLIENT, rest, root);
    case "user":
      return missingBelow(USER, rest, root);
    case "server":
      return rest.length === 0 ? undefined : { field: nameOfStep(root, rest[0]), known: [] };
    case "tags":
      return reached.kind === "thing" ? { field: root, known: [] } : undefined;
    default:
      return undefined;
  }
}

/** A thing is judged when it is called, and in lists; a rule that looks at `params` is in doubt there. */
function missingAtThing(root: "params" | "result" | "error"): Missing | undefined {
  return root === "params" ? undefined : { field: root, known: [] };
}

/** `params` of what is sent, `result` and `error` of what comes back. */
function missingInPart(
  reached: Exclude<Reached, { kind: "thing" }>,
  root: "params" | "result" | "error",
  rest: readonly Step[],
): Missing | undefined {
  const part = reached.phase === "request" ? ["params"] : PARTS[reached.phase];
  if (!part.includes(root)) return { field: root, known: part };
  return reached.kind === "unknown"
    ? undefined
    : missingBelow(fieldsOf(reached.method.method, PHASES[root]), rest, root);
}

const PARTS: Readonly<Record<"result" | "error" | "failure", readonly string[]>> = {
  result: ["result"],
  error: ["error"],
  failure: ["result", "error"],
};
const PHASES = { params: "request", result: "result", error: "error" } as const;

function missingInRequest(reached: Exclude<Reached, { kind: "thing" }>, rest: readonly Step[]): Missing | undefined {
  const [part, ...inside] = rest;
  if (part === undefined || reached.kind === "unknown") return undefined;
  if (part.kind !== "member" || (part.key !== "params" && part.key !== "method")) {
    return { field: nameOfStep("request", part), known: ["params", "method"] };
  }
  if (part.key === "method")
    return inside.length === 0 ? undefined : { field: nameOfStep("request.method", inside[0]), known: [] };
  return missingBelow(fieldsOf(reached.method.method, "request"), inside, "request.params");
}

function objectOf(...keys: readonly string[]): FieldTree {
  return { kind: "object", members: new Map(keys.map((key) => [key, LEAF])), entries: undefined, isOpen: false };
}

const CLIENT = objectOf("name", "version", "title");
const ANYTHING: FieldTree = { kind: "any", members: undefined, entries: undefined, isOpen: true };
const USER: FieldTree = {
  ...objectOf(),
  members: new Map([
    ["id", LEAF],
    ["groups", { kind: "list", members: undefined, entries: LEAF, isOpen: false }],
    ["claims", ANYTHING],
  ]),
};

/** Walks down until a step leads nowhere. */
function missingBelow(fields: FieldTree | undefined, steps: readonly Step[], from: string): Missing | undefined {
  let tree = fields;
  let name = from;
  for (const step of steps) {
    if (tree === undefined || tree.kind === "any") return undefined;
    name = nameOfStep(name, step);
    const next = stepInto(tree, step);
    if (next === "missing") return { field: name, known: [...(tree.members?.keys() ?? [])] };
    tree = next;
  }
  return undefined;
}

/** `undefined`: it may be there, and nothing is known of it. */
function stepInto(tree: FieldTree, step: Step): FieldTree | undefined | "missing" {
  if (step.kind !== "member") {
    if (tree.kind === "either") return { ...tree, kind: "object" };
    return tree.kind === "list" ? tree.entries : "missing";
  }
  const member = tree.members?.get(step.key);
  return member ?? (tree.isOpen && !isMisspelt(step.key, tree) ? undefined : "missing");
}

/** Where others may come too, what is nearly one that is known is hardly another; names with a prefix are all alike. */
function isMisspelt(key: string, { members }: FieldTree): boolean {
  return members !== undefined && !key.includes("/") && nearest(key, members.keys()) !== undefined;
}

function nameOfStep(before: string, step: Step | undefined): string {
  if (step === undefined) return before;
  if (step.kind === "every") return `${before}[*]`;
  if (step.kind === "index") return `${before}[${String(step.index)}]`;
  const isPlain = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(step.key);
  if (!isPlain) return `${before}[${JSON.stringify(step.key)}]`;
  return before === "" ? step.key : `${before}.${step.key}`;
}

/** What a list request lacks, its result has. */
function isInResult(path: string, method: string): boolean {
  const { steps, absolute } = parsePath(path);
  const [first] = steps;
  return !absolute && first?.kind === "member" && fieldsOf(method, "result")?.members?.has(first.key) === true;
}

function alsoOnThing(path: string, method: string): string {
  const list = LISTS.find((one) => one.method === method);
  const field = /^[a-zA-Z]+\[[^\]]*\]\.(.+)$/.exec(path)?.[1];
  return list === undefined || field === undefined || list.kind === "template"
    ? ""
    : ` Or \`when ${list.kind} *\` with \`${field}\`, which is each of them`;
}

/** The request that carries what its neighbour does not. */
const CARRIERS: Readonly<Record<string, string>> = {
  "tools/list": "tools/call *",
  "prompts/list": "prompts/get *",
  "resources/list": "resources/read *",
  "resources/templates/list": "resources/read *",
};

function helpFor(path: string, about: Reached, missing: Missing): string | undefined {
  const key = /[^.[\]"]+$/.exec(missing.field.replace(/[\]"]+$/, ""))?.[0] ?? missing.field;
  const close = nearest(key, missing.known);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  if (about.kind === "thing") return helpForThing(about, missing, key);
  if (about.kind === "message" && about.phase === "request") {
    const { method } = about.method;
    if (isInResult(path, method)) return `did you mean \`result of ${method}\`?${alsoOnThing(path, method)}`;
    const carrier = CARRIERS[about.method.method];
    if (carrier !== undefined) return `did you mean \`${carrier}\`?`;
    if (/^(?:result|error)\b/.test(path))
      return `did you mean \`${path.startsWith("result") ? "result" : "error"} of ${about.method.method}\`?`;
  }
  if (missing.field === "request")
    return "only beside a reply there is the `request` that was sent; here it is `params`";
  if (startsInArguments(about) && /^params\.[A-Za-z_]/.test(path)) {
    const inner = path.slice("params.".length);
    return `write \`${inner}\`, or \`params.arguments.${inner}\`: paths start in the arguments`;
  }
  if (about.kind === "message" && isReplyPhase(about.phase) && /^params\b/.test(path))
    return `what was asked is \`request.${path}\` beside a reply`;
  return missing.known.length === 0 ? undefined : `it has ${missing.known.map((known) => `\`${known}\``).join(", ")}`;
}

function helpForThing(about: Reached & { kind: "thing" }, { field }: Missing, key: string): string {
  const hint = about.thing === "tool" ? hintMeant(key) : undefined;
  if (hint !== undefined) return `did you mean \`annotations.${hint}\`?`;
  const call = CALLS[about.thing];
  const [outer = ""] = field.split(/[.[]/);
  if (fieldsOf(call, "result")?.members?.has(outer) === true && fieldsOfThing(about.thing).members?.has(outer) !== true)
    return `did you mean \`result of ${call} …\`? \`${about.thing} …\` looks at the definition`;
  if (field === "result" || field === "error") return `did you mean \`${field} of ${call} …\`?`;
  if (field === "request" || field === "tags")
    return `a definition belongs to no one message; judge \`${call} …\` instead`;
  return `did you mean \`${call} …\`? \`${about.thing} …\` looks at the definition, \`${call} …\` at what is asked for`;
}

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

/** `readOnly`, `destructive_hint`, `openWorld` … */
function hintMeant(key: string): string | undefined {
  const plain = key.replace(/[_-]/g, "").toLowerCase();
  return (
    HINTS.find((hint) => hint.toLowerCase() === plain || hint.toLowerCase() === `${plain}hint`) ?? nearest(key, HINTS)
  );
}

const CALLS = { tool: "tools/call", prompt: "prompts/get", resource: "resources/read" } as const;
