// What a test sends and replies, where it writes more of the message than belongs there: then it tests another one.
import { isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { methodFacts } from "../../mcp/methods.ts";
import { nearest } from "../../source/nearest.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { TestItem } from "../tree/ast.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import { argumentsIn, argumentsInLock } from "./argument-names.ts";
import { naturalFields } from "./known-fields.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

type Sent = StepNode & { readonly kind: "send" | "push" };

export function checkTestShapes(item: TestItem, scope: Scope): void {
  let sent: Sent | undefined;
  for (const step of item.steps) {
    if (step.kind === "send" || step.kind === "push") {
      sent = step;
      checkBody(step, item, scope);
    }
    if (step.kind === "reply" && sent !== undefined) checkReply(step, sent.method.text, scope);
  }
}

/** `{"name": "read", "arguments": {…}}`: for `tools/call` that would be two arguments. */
function checkBody(step: Sent, item: TestItem, scope: Scope): void {
  const { method, name, body } = step;
  const facts = methodFacts(method.text);
  if (body === undefined || !isJsonObject(body) || facts === undefined) return;
  const isOfArguments = facts.body.length > 1;
  const outer = outerOf(body, isOfArguments);
  const isOtherName = typeof body["name"] === "string" && body["name"] !== name?.text;
  if (outer === undefined || isOtherName || (isOfArguments && isArgument(outer, item, scope))) return;
  const held = isOfArguments ? "arguments" : "params";
  const inner = isOfArguments ? (memberIn(body[outer], "arguments") ?? body[outer]) : body[outer];
  const message = `the JSON of a \`${method.text}\` stands in \`${held}\` already`;
  scope.report(error("MR513", step.span, message, `write ${shown(inner)}`));
}

/** The key under which what is meant stands. */
function outerOf(body: JsonObject, isOfArguments: boolean): "arguments" | "params" | undefined {
  const keys = Object.keys(body);
  if (isInside(body, "params") && keys.every((key) => ENVELOPE.has(key))) return "params";
  const isWrapped = isOfArguments && isInside(body, "arguments") && keys.every((key) => PARAMS.has(key));
  return isWrapped ? "arguments" : undefined;
}

const ENVELOPE: ReadonlySet<string> = new Set(["jsonrpc", "id", "method", "params"]);
const PARAMS: ReadonlySet<string> = new Set(["name", "arguments", "_meta"]);

function isInside(body: JsonObject, key: string): boolean {
  return isJsonObject(body[key] ?? null);
}

function memberIn(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return value !== undefined && isJsonObject(value) ? value[key] : undefined;
}

/** Some tools take arguments of that name. */
function isArgument(key: string, item: TestItem, scope: Scope): boolean {
  const given = item.steps.flatMap((step) => (step.kind === "given-thing" ? argumentsIn(step.definition) : []));
  return given.includes(key) || argumentsInLock(scope.lock).has(key);
}

function checkReply({ result, resultSpan }: StepNode & { kind: "reply" }, method: string, scope: Scope): void {
  if (!isJsonObject(result)) return;
  const facts = methodFacts(method);
  const fields = facts && naturalFields({ kind: "message", method: facts, phase: "result" });
  if (fields === undefined) return;
  const keys = Object.keys(result);
  const part = PARTS.find((one) => keys.includes(one));
  if (part !== undefined && !fields.members?.has(part) && keys.every((key) => REPLY.has(key)))
    return reportPart(part, result, resultSpan, scope);
  for (const key of keys) {
    const close = fields.members?.has(key) === true ? undefined : nearest(key, fields.members?.keys() ?? []);
    if (close !== undefined && !keys.includes(close)) {
      const message = `a result of \`${method}\` has no field \`${key}\``;
      scope.report(error("MR513", resultSpan, message, `did you mean \`${close}\`?`));
    }
    if (fields.members?.get(key)?.kind === "list" && typeof result[key] === "string") {
      const help = key === "content" ? `write \`"content": [{"type": "text", "text": …}]\`` : undefined;
      scope.report(error("MR513", resultSpan, `\`${key}\` is a list, and this is a text`, help));
    }
  }
}

const PARTS = ["result", "error"] as const;
const REPLY: ReadonlySet<string> = new Set(["jsonrpc", "id", ...PARTS]);

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
