// Actions: which go together, which their target has, and what they may write and say.
import { isJsonObject } from "../mcp/json.ts";
import type { ActionNode, RuleItem, SettingNode, VerdictNode, Written } from "./ast.ts";
import { checkField } from "./check-fields.ts";
import { checkReach, checkValuePath } from "./check-head.ts";
import { checkTemplate } from "./check-templates.ts";
import { isTransform, isVerdict } from "./compile-rule.ts";
import { visitAction } from "./leaves.ts";
import { isReplyPhase, reachOfHead, type Reached } from "./reach.ts";
import { alsoAt, error } from "./report.ts";
import { checkRedact } from "./check-redact.ts";
import { checkRename } from "./check-rename.ts";
import { checkSupply } from "./check-supply.ts";
import { literalOf, type Scope } from "./scope.ts";
import { checkWrite } from "./check-writes.ts";

export function checkActions(rule: RuleItem, scope: Scope): void {
  const reached = reachOfHead(rule.head);
  checkTogether(rule.actions, scope);
  checkSettings(rule, scope);
  for (const action of rule.actions) checkAction(action, rule, reached, scope);
}

function checkAction(action: ActionNode, rule: RuleItem, reached: readonly Reached[], scope: Scope): void {
  checkValues(action, reached, scope);
  switch (action.kind) {
    case "block":
      if (action.reason !== undefined) checkTemplate(action.reason, "reason", reached, scope);
      return;
    case "answer":
      return checkAnswer(action, reached, scope);
    case "rename":
      return checkRename(action, rule, scope);
    case "supply":
      return checkSupply(action, rule.head, scope);
    case "set":
    case "add":
    case "rewrite":
      checkField(action.path, reached, scope);
      return checkWrite(action.path, action.kind, reached, scope);
    case "remove":
      for (const path of action.paths) checkRemoval(path, reached, scope);
      return;
    case "redact":
      return checkRedact(action, reached, scope);
    case "log":
      return checkLog(action, reached, scope);
    case "allow":
    case "ask":
    case "limit":
    case "translate":
    case "call":
    case "tag":
    case "cache":
  }
}

function checkRemoval(path: Written, reached: readonly Reached[], scope: Scope): void {
  checkField(path, reached, scope);
  checkWrite(path, "remove", reached, scope);
}

function checkValues(action: ActionNode, reached: readonly Reached[], scope: Scope): void {
  visitAction(action, {
    pattern: () => undefined,
    value: (value) => checkValuePath(value, reached, scope),
    expression: (node) => checkReach(node, reached, scope),
  });
}

/** Either transforms or a verdict; `allow` stands with one of `ask`, `answer`, `limit`, and `block` alone. */
function checkTogether(actions: readonly ActionNode[], scope: Scope): void {
  const verdicts = actions.filter(isVerdict);
  const transform = actions.find(isTransform);
  const [first] = verdicts;
  if (transform !== undefined && first !== undefined) {
    const diagnostic = error(
      "MR503",
      first.span,
      `\`${first.kind}\` judges, and this rule changes messages`,
      "a rule does one of both: make it two rules",
    );
    scope.report(alsoAt(diagnostic, transform.span, "changes the message"));
  }
  const clash = clashAmong(verdicts);
  if (clash !== undefined) scope.report(clash);
  const renames = actions.filter((action) => action.kind === "rename");
  const [, second] = renames;
  if (second !== undefined) scope.report(error("MR503", second.span, "a second `rename` in one rule"));
}

function clashAmong(verdicts: readonly VerdictNode[]) {
  const [first, second, third] = verdicts;
  if (first === undefined || second === undefined) return undefined;
  const isPair =
    third === undefined && first.kind !== second.kind && [first, second].some((verdict) => verdict.kind === "allow");
  if (isPair && first.kind !== "block" && second.kind !== "block") return undefined;
  const clashing = isPair || third === undefined ? second : third;
  const help = "`allow` may stand with one of `ask`, `answer`, `limit`; `block` stands alone";
  return alsoAt(
    error("MR503", clashing.span, `\`${clashing.kind}\` does not go with \`${first.kind}\``, help),
    first.span,
    "the other verdict",
  );
}

function checkSettings(rule: RuleItem, scope: Scope): void {
  const stages = rule.settings.filter((setting) => setting.kind !== "fails");
  const fails = rule.settings.filter((setting) => setting.kind === "fails");
  for (const twice of [stages[1], fails[1]]) {
    if (twice !== undefined)
      scope.report(error("MR503", twice.span, "this setting stands here twice, or another one of its kind"));
  }
  for (const setting of rule.settings) checkSetting(setting, rule, scope);
}

function checkSetting(setting: SettingNode, rule: RuleItem, scope: Scope): void {
  if (setting.kind === "canary" && !(setting.percent > 0 && setting.percent <= 100)) {
    scope.report(
      error("MR406", setting.span, `a canary of ${String(setting.percent)} %`, "more than 0 %, at most 100 %"),
    );
  }
  const isOpen = setting.kind === "fails" && setting.fails === "open";
  for (const action of rule.actions) {
    if (setting.kind !== "fails" && UNSTAGED.has(action.kind)) {
      scope.report(
        error(
          "MR508",
          setting.span,
          `\`${action.kind}\` has no stage`,
          "what a thing is called and takes is the same for everybody",
        ),
      );
    }
    if (isOpen && CLOSED_ONLY.has(action.kind)) {
      scope.report(
        error(
          "MR507",
          setting.span,
          `\`fails open\` on \`${action.kind}\``,
          "it would let through what this rule is there to keep",
        ),
      );
    }
  }
}

const UNSTAGED: ReadonlySet<string> = new Set(["rename", "supply"]);
/** Where skipping the rule would widen access. */
const CLOSED_ONLY: ReadonlySet<string> = new Set(["allow", "supply", "redact"]);

function checkAnswer(action: ActionNode & { kind: "answer" }, reached: readonly Reached[], scope: Scope): void {
  const value = literalOf(action.value, scope);
  if (value !== undefined && typeof value !== "string" && !isJsonObject(value)) {
    scope.report(
      error(
        "MR407",
        action.value.span,
        "an answer is the object of a result, or a text",
        'write `answer {"content": [ … ]}` or `answer "…"`',
      ),
    );
  }
  if (reached.length === 0) return;
  if (reached.some(mayBeAnswered)) {
    if (typeof value !== "string" || reached.some(mayBeText)) return;
    return scope.report(
      error("MR407", action.value.span, "such a request is not answered by a text", "write the object of its result"),
    );
  }
  const isReply = reached.some((one) => one.kind !== "thing" && isReplyPhase(one.phase));
  const message = isReply ? "a reply is not answered" : "a notification is not answered";
  scope.report(
    error(
      "MR510",
      action.span,
      message,
      isReply ? "change it: `set`, `rewrite`, `remove`" : "nobody waits for a reply to it",
    ),
  );
}

/** What a text stands for is known of these. */
const ANSWERED_BY_TEXT: ReadonlySet<string> = new Set([
  "tools/call",
  "prompts/get",
  "resources/read",
  "sampling/createMessage",
]);

function mayBeText(reached: Reached): boolean {
  return reached.kind !== "message" || ANSWERED_BY_TEXT.has(reached.method.method) || isReplyPhase(reached.phase);
}

function mayBeAnswered(reached: Reached): boolean {
  if (reached.kind === "thing") return true;
  if (isReplyPhase(reached.phase)) return false;
  return reached.kind === "unknown" || reached.method.kind === "request";
}

function checkLog(action: ActionNode & { kind: "log" }, reached: readonly Reached[], scope: Scope): void {
  if (action.percent !== undefined && action.percent > 100) {
    scope.report(error("MR406", action.span, `${String(action.percent)} % of the messages`, "at most 100 %"));
  }
  if (action.text !== undefined && "text" in action.text) checkTemplate(action.text, "log", reached, scope);
}
