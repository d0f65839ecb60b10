// What a test expects of a field, where the word is hardly one: people write down what became of the message instead.
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { RuleItem, TestItem } from "../tree/ast.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import type { ExpressionNode } from "../tree/ast-values.ts";
import { argumentsIn, argumentsInLock, fieldsWritten } from "./argument-names.ts";
import { naturalFields } from "./known-fields.ts";
import { error } from "../report.ts";
import { BOUND_NAMES, type Scope } from "../scope.ts";

export function checkExpectations(item: TestItem, rules: ReadonlyMap<string, RuleItem>, scope: Scope): void {
  const known = knownIn(item, rules, scope);
  let stands: Stands = { sent: undefined, replied: undefined, isReplied: false };
  for (const step of item.steps) {
    if (step.kind === "send" || step.kind === "push") stands = { sent: step, replied: undefined, isReplied: false };
    if (step.kind === "reply") stands = { ...stands, replied: step.result, isReplied: true };
    if (step.kind === "reply-error") stands = { ...stands, replied: undefined, isReplied: true };
    if (step.kind === "expect-field" || step.kind === "expect-without") checkExpected(step, stands, known, scope);
    if (step.kind === "expect-true") checkWhole(step.expression, stands, scope);
  }
}

/** What the message is that an `expect` looks at. */
interface Stands {
  readonly sent: (StepNode & { readonly kind: "send" | "push" }) | undefined;
  readonly replied: JsonValue | undefined;
  readonly isReplied: boolean;
}

/** What rules write, and what tools say they take, are fields whatever they are called; `undefined`: any may be. */
function knownIn(item: TestItem, rules: ReadonlyMap<string, RuleItem>, scope: Scope): ReadonlySet<string> | undefined {
  const written = fieldsWritten(rules.values());
  if (written === undefined) return undefined;
  const given = item.steps.flatMap((step) => (step.kind === "given-thing" ? argumentsIn(step.definition) : []));
  return new Set([...written, ...argumentsInLock(scope.lock), ...given]);
}

function checkExpected(
  step: StepNode & { readonly kind: "expect-field" | "expect-without" },
  stands: Stands,
  known: ReadonlySet<string> | undefined,
  scope: Scope,
): void {
  const { text, span } = step.path;
  const { sent, replied } = stands;
  const key = /^\w+/.exec(text)?.[0] ?? text;
  if (known?.has(key) !== false || hasKey(sent?.body, key) || hasKey(replied, key) || isFieldOf(sent?.method.text, key))
    return;
  const meant = cureOf(step) ?? CURES.get(text);
  if (meant !== undefined) {
    const help = `${meant}. (A field of that name: \`params.arguments.${text}\`)`;
    scope.report(error("MR513", span, `\`${text}\` would be a field of the message`, help));
  } else if (key !== text && OUTER_NAMES.has(key) && isOfArguments(stands)) {
    const inner = text.slice(key.length).replace(/^\./, "");
    const help = `paths start in the arguments: write \`${inner}\`, or \`params.arguments.${inner}\``;
    scope.report(error("MR513", span, `\`${text}\` looks for an argument called \`${key}\``, help));
  }
}

const OUTER_NAMES: ReadonlySet<string> = new Set(["arguments", "args"]);

function isOfArguments({ sent, isReplied }: Stands): boolean {
  return !isReplied && (methodFacts(sent?.method.text ?? "")?.body.length ?? 0) > 1;
}

/** `expect not result.x` */
function cureOf(step: StepNode & { readonly kind: "expect-field" | "expect-without" }): string | undefined {
  if (step.kind === "expect-without" || step.test?.kind !== "matches" || !NEGATIONS.has(step.path.text))
    return undefined;
  const [part] = step.test.pattern.parts;
  return `that something is not there is \`expect without ${part?.kind === "glob" ? part.text : "PATH"}\``;
}

const NEGATIONS: ReadonlySet<string> = new Set(["not", "no"]);

/** Of an expression in an `expect`, `$` is the whole message. */
function checkWhole(node: ExpressionNode, stands: Stands, scope: Scope): void {
  for (const { root, keys, offset, length } of scope.compiled.get(node.source)?.mentions ?? []) {
    const [key] = keys;
    if (root !== undefined || key === undefined || WHOLE.has(key)) continue;
    const start = node.span.start + offset;
    const span = { ...node.span, start, end: start + length };
    const help = helpForWhole(key, keys.join("."), stands);
    scope.report(error("MR501", span, `the whole message has no field \`${key}\``, help));
  }
}

function helpForWhole(key: string, written: string, stands: Stands): string {
  if (BOUND_NAMES.has(key)) return `did you mean \`$${written}\`?`;
  if (isOfArguments(stands)) return `write \`params.arguments.${written}\``;
  return "its fields are `method`, `params`, `result` and `error`";
}

const WHOLE: ReadonlySet<string> = new Set(["method", "params", "result", "error"]);

function hasKey(value: JsonValue | undefined, key: string): boolean {
  return value !== undefined && isJsonObject(value) && Object.hasOwn(value, key);
}

/** `notifications/cancelled` has a `reason`. */
function isFieldOf(method: string | undefined, key: string): boolean {
  const facts = method === undefined ? undefined : methodFacts(method);
  if (facts === undefined) return false;
  const phases = ["request", "result", "error"] as const;
  return phases.some((phase) => naturalFields({ kind: "message", method: facts, phase })?.members?.has(key));
}

const BLOCKED = "that it does not get through is `expect block`, or `expect block by RULE`";
const ALLOWED = "that it gets through is `expect allow`";
const CHANGED = 'what it looks like now is asked of a field: `expect result.content[0].text = "…"`';

const CURES: ReadonlyMap<string, string> = new Map([
  ...each(["drop", "drops", "dropped"], "a notification that is blocked is dropped: `expect block`"),
  ...each(["blocked", "deny", "denied", "refuse", "refused", "reject", "rejected", "forbidden"], BLOCKED),
  ...each(["allowed", "pass", "passes", "passed", "accept", "accepted", "ok", "success", "permitted"], ALLOWED),
  ...each(["answered"], "that a rule answers is `expect answer`"),
  ...each(
    ["limited", "throttled", "counted", "over"],
    "what is over a limit is blocked: `expect block by RULE`, with the rule that limits",
  ),
  ...each(
    ["cached", "kept", "hit"],
    "that an answer was kept shows in what comes back: `expect result…`, and `expect without params`",
  ),
  ...each(
    ["approved", "declined"],
    "what a human says is given: `given human approves`; then it is `expect allow`, or `expect block by RULE`",
  ),
  ...each(["called", "translated"], CHANGED),
  ...each(["asked"], "that a human is asked is `expect ask`"),
  ...each(["verdict", "decision", "outcome"], "a verdict is expected as it is: `expect allow`, `expect block`"),
  ...each(["rule"], "which rule decided is `expect block by RULE`"),
  ...each(
    ["reason", "message"],
    'the reason is in what the client gets: `expect result.content[0].text "…"` of a tool, `expect error.message "…"` else',
  ),
  ...each(
    ["shadow", "shadowed", "canary"],
    "a rule in shadow changes nothing: `expect allow`; what it would have done, `mcprules explain` shows",
  ),
  ...each(["logged", "logs"], "that a line was logged is `expect log NAME`, with the name of a sink"),
  ...each(["tagged", "tags"], "a tag is `expect tag NAME`"),
  ...each(["renamed"], 'the name that a server sees is `expect params.name = "…"`'),
  ...each(["redacted", "masked", "changed", "rewritten", "unchanged"], CHANGED),
  ...each(
    ["failed", "fails", "failure"],
    "a failed call is `expect result.isError = true`, or `expect error.code = …`",
  ),
]);

function each(words: readonly string[], cure: string): readonly (readonly [string, string])[] {
  return words.map((word) => [word, cure]);
}
