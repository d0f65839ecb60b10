// Targets, clauses, actions and settings that stand in another order than the language has.
import type { Diagnostic, Span } from "../../source/diagnostic.ts";
import { groupOf } from "../grammar/expectations.ts";
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import type { Token } from "../text/lexer.ts";
import { error } from "../report.ts";
import { CLAUSE_WORDS, TARGET_WORDS } from "../words.ts";

export function explainOrder(
  { tokens, at, expected }: GrammarMistake,
  token: Token,
  span: Span,
): Diagnostic | undefined {
  const groups = new Set(expected.map(groupOf));
  const isAfterTargets = groups.has("clause");
  const isAmongActions = groups.has("action") && !isAfterTargets;
  const { image } = token;
  if (isAfterTargets && isLateTarget(image, tokens[at + 1]?.image ?? "")) {
    return error("MR205", span, "targets come before clauses", "name all targets right after `when`, joined by `or`");
  }
  if (isAmongActions && CLAUSES.has(image)) {
    return error("MR205", span, "clauses come before actions", `move \`${image} …\` above the first action`);
  }
  if (!isAfterTargets && !isAmongActions) return undefined;
  if (image === "when") {
    const help =
      "join targets with `or`; further conditions are clauses such as `with` and `where`; another rule begins with `rule NAME`";
    return error("MR205", span, "a rule has one `when`", help);
  }
  const isSetting = image === "in" || image === "fails";
  return isSetting ? error("MR205", span, `\`${image}\` stands between the rule's id and \`when\``) : undefined;
}

const CLAUSES: ReadonlySet<string> = new Set(CLAUSE_WORDS);
const TARGETS: ReadonlySet<string> = new Set([...TARGET_WORDS, "reply"]);
/** These start nothing but a target. */
const ONLY_TARGETS: ReadonlySet<string> = new Set(["tool", "prompt", "resource", "message", "request", "notification"]);

function isLateTarget(image: string, next: string): boolean {
  if (image === "or") return TARGETS.has(next) || next.includes("/");
  return ONLY_TARGETS.has(image) || /^[a-z]+\/[a-z*]/.test(image);
}
