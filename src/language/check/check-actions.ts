// Actions: which go together, which their target has, and what they may write and say.
import type { RuleItem, SettingNode } from "../tree/ast.ts";
import type { ActionNode, AnswerNode, AskNode, BlockNode, SharerNode, VerdictNode } from "../tree/ast-actions.ts";
import type { HeadNode } from "../tree/ast-heads.ts";
import type { Written } from "../tree/ast-values.ts";
import { checkAnswer } from "./check-answer.ts";
import { checkAsk } from "./check-ask.ts";
import { checkCache } from "./check-cache.ts";
import { checkCall } from "./check-call.ts";
import { checkDuration } from "./check-durations.ts";
import { checkField } from "./check-fields.ts";
import { checkReach, checkValuePath } from "./check-head.ts";
import { checkTemplate } from "./check-templates.ts";
import { isTransform, isVerdict } from "../compile/compile-rule.ts";
import { visitAction } from "../leaves.ts";
import { reachOfHead, type Reached } from "../reach.ts";
import { alsoAt, error, warning } from "../report.ts";
import { checkLimit } from "./check-limit.ts";
import { checkRedact } from "./check-redact.ts";
import { checkRename } from "./check-rename.ts";
import { checkSupply } from "./check-supply.ts";
import { checkTranslate } from "./check-translate.ts";
import type { Scope } from "../scope.ts";
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
    case "ask":
    case "answer":
      return checkRefusal(action, rule.head, reached, scope);
    case "limit":
      checkLimit(action, reached, scope);
      if (action.by !== undefined) checkSharer(action.by, scope);
      return action.otherwise && checkRefusal(action.otherwise, rule.head, reached, scope);
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
      return checkLog(action, rule.head, scope);
    case "tag":
      return checkLasting(action, scope);
    case "cache":
      return checkCache(action, reached, scope);
    case "translate":
      return checkTranslate(action, reached, scope);
    case "call":
      return checkCall(action, reached, scope);
    case "allow":
  }
}

function checkRefusal(
  action: BlockNode | AskNode | AnswerNode,
  head: HeadNode,
  reached: readonly Reached[],
  scope: Scope,
): void {
  switch (action.kind) {
    case "block":
      if (action.reason !== undefined) checkTemplate(action.reason, "reason", head, scope);
      return;
    case "ask":
      return checkAsk(action, head, reached, scope);
    case "answer":
      return checkAnswer(action, reached, scope);
  }
}

function checkLasting({ lasting }: ActionNode & { kind: "tag" }, scope: Scope): void {
  if (lasting === undefined) return;
  checkDuration(lasting.duration, { least: 1000, most: 366 * 86_400_000, what: "a tag lasts" }, scope);
  checkSharer(lasting.by, scope);
}

/** Whoever takes another name has another share, and none of the old tags. */
function checkSharer(by: SharerNode, scope: Scope): void {
  if (by.kind !== "principal" || by.principal !== "client") return;
  const help = "a client calls itself what it likes: write `by user`, `by group` or `by profile`";
  scope.report(warning("MR560", by.span, "a share hangs on what the client calls itself", help));
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
  for (const kind of ["rename", "cache"] as const) {
    const [, second] = actions.filter((action) => action.kind === kind);
    if (second !== undefined) scope.report(error("MR503", second.span, `a second \`${kind}\` in one rule`));
  }
  checkKept(actions, scope);
}

/** What is not sent has no answer to keep, and a rule that changes something is about what it changed. */
function checkKept(actions: readonly ActionNode[], scope: Scope): void {
  const cache = actions.find((action) => action.kind === "cache");
  const other = actions.find((action) => action.kind === "block" || action.kind === "answer" || isTransform(action));
  if (cache === undefined || other === undefined) return;
  const isChange = isTransform(other);
  const message = `\`cache\` does not go with \`${other.kind}\``;
  const help = isChange ? "make it two rules" : "what is not sent to a server has no answer to keep";
  scope.report(
    alsoAt(error("MR503", cache.span, message, help), other.span, isChange ? "changes the message" : "is not sent"),
  );
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

function checkLog(action: ActionNode & { kind: "log" }, head: HeadNode, scope: Scope): void {
  if (action.percent !== undefined && action.percent > 100) {
    scope.report(error("MR406", action.span, `${String(action.percent)} % of the messages`, "at most 100 %"));
  }
  if (action.text !== undefined && "text" in action.text) checkTemplate(action.text, "log", head, scope);
}
