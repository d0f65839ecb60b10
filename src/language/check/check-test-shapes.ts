// What a test sends and replies, where it writes more of the message than belongs there: then it tests another one.
import { isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { RuleItem, TestItem } from "../tree/ast.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import { argumentsIn, argumentsInLock } from "./argument-names.ts";
import { naturalFields } from "./known-fields.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

type Sent = StepNode & { readonly kind: "send" | "push" };
type Reply = StepNode & { readonly kind: "reply" };
type Rules = ReadonlyMap<string, RuleItem>;

export function checkTestShapes(item: TestItem, rules: Rules, scope: Scope): void {
  let sent: Sent | undefined;
  for (const step of item.steps) {
    if (step.kind === "send" || step.kind === "push") {
      sent = step;
      checkBody(step, item, rules, scope);
    }
    if (step.kind === "reply" && sent !== undefined) checkReply(step, sent.method.text, scope);
  }
}

/** `{"name": "read", "arguments": {…}}` of `read` itself: for `tools/call` that would be two arguments. */
function checkBody(step: Sent, item: TestItem, rules: Rules, scope: Scope): void {
  const { method, name, body } = step;
  const facts = methodFacts(method.text);
  if (body === undefined || !isJsonObject(body) || facts === undefined) return;
  const isOfArguments = facts.body.length > 1;
  const outer = outerOf(body, method.text, isOfArguments ? name?.text : undefined);
  if (outer === undefined || (isOfArguments && isArgument(outer, item, rules, scope))) return;
  const held = isOfArguments ? "arguments" : "params";
  const inner = isOfArguments ? (memberIn(body[outer], "arguments") ?? body[outer]) : body[outer];
  const message = `the JSON of a \`${method.text}\` stands in \`${held}\` already`;
  scope.report(error("MR513", step.span, message, `write ${shown(inner)}`));
}

/** The key under which what is meant stands. Many tools have arguments called so: only the message's own name tells. */
function outerOf(body: JsonObject, method: string, name: string | undefined): "arguments" | "params" | undefined {
  const keys = Object.keys(body);
  if (body["method"] === method && isInside(body, "params") && keys.every((key) => ENVELOPE.has(key))) return "params";
  const isItself = name !== undefined && body["name"] === name;
  return isItself && isInside(body, "arguments") && keys.every((key) => PARAMS.has(key)) ? "arguments" : undefined;
}

const ENVELOPE: ReadonlySet<string> = new Set(["jsonrpc", "id", "method", "params"]);
const PARAMS: ReadonlySet<string> = new Set(["name", "arguments", "_meta"]);

function isInside(body: JsonObject, key: string): boolean {
  return isJsonObject(body[key] ?? null);
}

function memberIn(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return value !== undefined && isJsonObject(value) ? value[key] : undefined;
}

/** Some tools take arguments of that name: they say so, or some rule does. */
function isArgument(key: string, item: TestItem, rules: Rules, scope: Scope): boolean {
  const given = item.steps.flatMap((step) => (step.kind === "given-thing" ? argumentsIn(step.definition) : []));
  const isNamed = [...rules.values()].some((rule) => namesOuter(rule, scope));
  return isNamed || given.includes(key) || argumentsInLock(scope.lock).has(key);
}

/** `with params.arguments.params.tenant …` */
function namesOuter({ span }: RuleItem, scope: Scope): boolean {
  const text = scope.sources.get(span.file)?.text.slice(span.start, span.end) ?? "";
  return /\bparams\.arguments\.(?:params|arguments|name|method)\b/.test(text);
}

function checkReply({ result, resultSpan }: Reply, method: string, scope: Scope): void {
  if (!isJsonObject(result)) return;
  const facts = methodFacts(method);
  const fields = facts && naturalFields({ kind: "message", method: facts, phase: "result" });
  if (fields === undefined) return;
  const part = PARTS.find((one) => isJsonObject(result[one] ?? null) && !fields.members?.has(one));
  if (part !== undefined && isEnvelope(result, part)) reportPart(part, result, resultSpan, scope);
}

/** A result may hold whatever a server likes, and tests of masks show just that. */
function isEnvelope(result: JsonObject, part: (typeof PARTS)[number]): boolean {
  const isWhole = Object.keys(result).every((key) => key === part || key === "jsonrpc" || key === "id");
  return isWhole && (part === "result" || typeof memberIn(result[part], "code") === "number");
}

const PARTS = ["result", "error"] as const;

function reportPart(part: (typeof PARTS)[number], result: JsonObject, span: Span, scope: Scope): void {
  if (part === "error")
    return scope.report(
      error("MR513", span, "the JSON of a `reply` is a result", 'write `reply error CODE "what it says"`'),
    );
  const help = `leave \`result\` out: write ${shown(result["result"])}`;
  scope.report(error("MR513", span, "the JSON of a `reply` is the result itself", help));
}

/** More is not read in one line. */
const LONGEST = 60;

function shown(value: JsonValue | undefined): string {
  const text = JSON.stringify(value ?? {});
  return text.length > LONGEST ? "only what stands in it" : `\`${text}\``;
}
