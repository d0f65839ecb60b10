// What a test expects of a field, where the word is hardly one: people write down what became of the message instead.
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { TestItem } from "../tree/ast.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import { naturalFields } from "./known-fields.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

export function checkExpectations(item: TestItem, scope: Scope): void {
  let sent: (StepNode & { readonly kind: "send" | "push" }) | undefined;
  let replied: JsonValue | undefined;
  for (const step of item.steps) {
    if (step.kind === "send" || step.kind === "push") {
      sent = step;
      replied = undefined;
    }
    if (step.kind === "reply") replied = step.result;
    if (step.kind !== "expect-field" && step.kind !== "expect-without") continue;
    const { text, span } = step.path;
    const cure = CURES.get(text);
    if (cure === undefined || hasKey(sent?.body, text) || hasKey(replied, text) || isFieldOf(sent?.method.text, text))
      continue;
    const help = `${cure}. (A field of that name: \`params.arguments.${text}\`)`;
    scope.report(error("MR513", span, `\`${text}\` would be a field of the message`, help));
  }
}

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
