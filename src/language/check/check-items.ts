// Lets, defaults, exceptions: what the language asks of each.
import { FUNCTION_NAMES, REFUSED_FUNCTIONS } from "../../expression/jsonata/jsonata-names.ts";
import type { DefaultItem, ExceptionItem, Item, LetItem, RuleItem } from "../tree/ast.ts";
import { checkActions } from "./check-actions.ts";
import { checkHead } from "./check-head.ts";
import { isTestFile } from "./check-names.ts";
import { checkTest } from "./check-tests.ts";
import { checkPlainText } from "./check-templates.ts";
import { isReplyPhase, reachOfHead } from "../reach.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";
import { untilOf } from "../until.ts";

/** `rules` by id: what exceptions speak of. `isRemnant`: parts of the item are missing, for another reason. */
export function checkItem(item: Item, rules: ReadonlyMap<string, RuleItem>, scope: Scope, isRemnant = false): void {
  if (item.kind !== "test" && isTestFile(item.span.file)) {
    const span = { ...item.span, end: item.span.start + item.kind.length };
    scope.report(
      error(
        "MR209",
        span,
        `a file called \`*.test.mcprules\` holds only tests, and this is a ${item.kind}`,
        "move it to a file without `.test`",
      ),
    );
  }
  switch (item.kind) {
    case "let":
      return checkLet(item, scope);
    case "default":
      return checkDefault(item, scope);
    case "rule":
      checkHead(item.head, scope);
      return checkActions(item, scope);
    case "exception":
      return checkException(item, rules, scope);
    case "test":
      return checkTest(item, rules, scope, isRemnant);
  }
}

function checkLet(item: LetItem, scope: Scope): void {
  const name = item.name.text;
  if (!FUNCTION_NAMES.has(name) && !REFUSED_FUNCTIONS.has(name)) return;
  scope.report(error("MR305", item.name.span, `\`$${name}\` is a function of JSONata`, "choose another name"));
}

function checkDefault(item: DefaultItem, scope: Scope): void {
  if (item.reason !== undefined) checkPlainText(item.reason, scope);
  if (item.head === undefined) return;
  checkHead(item.head, scope);
  for (const target of item.head.targets) {
    const reached = reachOfHead({ ...item.head, targets: [target] });
    const isReply = reached.length > 0 && reached.every((one) => one.kind !== "thing" && isReplyPhase(one.phase));
    if (!isReply) continue;
    scope.report(
      error(
        "MR510",
        target.span,
        "a default judges requests and notifications, no replies",
        "a rule with `block` judges replies",
      ),
    );
  }
}

function checkException(item: ExceptionItem, rules: ReadonlyMap<string, RuleItem>, scope: Scope): void {
  const excepted = item.rules.flatMap((written) => rules.get(written.text) ?? []);
  const reached =
    item.head.targets.length > 0 ? reachOfHead(item.head) : excepted.flatMap((rule) => reachOfHead(rule.head));
  checkHead(item.head, scope, reached);
  if (untilOf(item.until.text) === undefined) {
    scope.report(
      error(
        "MR405",
        item.until.span,
        `\`${item.until.text}\` is no day`,
        'write it as "2026-12-01": the exception ends as that day begins, in UTC',
      ),
    );
  }
  for (const written of item.rules) {
    const rule = rules.get(written.text);
    if (rule?.actions.some((action) => action.kind === "allow") === true) {
      scope.report(
        error(
          "MR509",
          written.span,
          `\`${written.text}\` allows: nothing is excepted from it`,
          "an exception takes out rules that block or change",
        ),
      );
    }
    if (rule !== undefined && !isBelow(rule.span.file, item.span.file)) {
      scope.report(
        error(
          "MR509",
          written.span,
          `\`${written.text}\` stands above or beside this folder`,
          `an exception is made where the rule is: in \`${rule.span.file}\` or above it`,
        ),
      );
    }
  }
}

/** An exception may only name rules of its own folder or below. */
function isBelow(ruleFile: string, exceptionFile: string): boolean {
  const folder = exceptionFile.slice(0, exceptionFile.lastIndexOf("/") + 1);
  return ruleFile.startsWith(folder);
}
