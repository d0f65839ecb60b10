// Lints of questions: clients that cannot be asked or do not wait, and messages that change until the answer is there.
import type { MethodFacts } from "../../mcp/methods.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { AskNode } from "../tree/ast-actions.ts";
import type { Written } from "../tree/ast-values.ts";
import { durationText } from "../duration-text.ts";
import type {
  CompiledClause,
  CompiledHead,
  CompiledPolicy,
  CompiledRule,
  CompiledTransform,
  CompiledValue,
} from "../compiled-policy.ts";
import { asCalls, mayMeet } from "../heads-meet.ts";
import { nameOfReached, reachOfHead, type Reached } from "../reach.ts";
import { alsoAt, warning } from "../report.ts";
import type { Scope } from "../scope.ts";

/** `rules` and those of the policy are the same, in the same order. */
export function lintAsks(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  lintWays(rules, policy, scope);
  const changing = policy.rules
    .filter(({ transforms }) => transforms.some((one) => mayDiffer(one, scope)))
    .slice(0, MOST_OTHERS)
    .map(({ order, head }) => ({ order, head: asCalls(head) }));
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    for (const ask of questionsIn(rule)) {
      lintWay(ask, reachOfHead(rule.head), scope);
      lintPatience(ask, scope);
      if (compiled !== undefined) lintRepeated(ask, compiled, { rules, changing, scope });
    }
  }
}

/** Questions about one message are one, and cannot be put in two ways. */
function lintWays(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  const before: { readonly via: Written; readonly head: CompiledHead }[] = [];
  for (const [index, rule] of rules.entries()) {
    const via = rule.actions.flatMap((action) => (action.kind === "ask" ? (action.via ?? []) : []))[0];
    const compiled = policy.rules[index];
    if (via === undefined || compiled === undefined) continue;
    const head = asCalls(compiled.head);
    const other = before.slice(-MOST_OTHERS).find((one) => one.via.text !== via.text && mayMeet(one.head, head));
    before.push({ via, head });
    if (other === undefined) continue;
    const message = `what both rules ask about would be asked in two ways, \`${other.via.text}\` and \`${via.text}\``;
    const help = "such a message is refused: leave `via` out of one of them, or keep them apart by their clauses";
    scope.report(alsoAt(warning("MR591", via.span, message, help), other.via.span, "the other way"));
  }
}

/** Of a large policy, no more than these are looked at for each question. */
const MOST_OTHERS = 100;

function questionsIn(rule: RuleItem): readonly AskNode[] {
  return rule.actions.flatMap((action) => {
    const asked = action.kind === "limit" ? action.otherwise : action;
    return asked?.kind === "ask" ? [asked] : [];
  });
}

/** Requests whose results may ask for something first, in the modern era; and what servers ask so, which waits for the same answer. */
const INTERRUPTED: ReadonlySet<string> = new Set([
  "tools/call",
  "prompts/get",
  "resources/read",
  "elicitation/create",
  "sampling/createMessage",
  "roots/list",
]);

function lintWay(ask: AskNode, reached: readonly Reached[], scope: Scope): void {
  if (ask.via?.text === "queue") return;
  const about = reached.find((one) => one.kind === "message" && isUninterrupted(one.method));
  if (about === undefined) return;
  const message = `clients of the modern era cannot be asked about ${nameOfReached(about)}`;
  const help = "there only the queue can: write `via queue`, or keep it among the channels of the settings";
  scope.report(warning("MR583", ask.span, message, help));
}

/** Nobody means those that keep a connection alive, and has named them only among all others. */
function isUninterrupted({ method, kind, isEssential }: MethodFacts): boolean {
  return kind === "request" && !isEssential && !INTERRUPTED.has(method);
}

/** Most clients give a request up after a minute. */
const PATIENCE = 50_000;

function lintPatience({ within, via }: AskNode, scope: Scope): void {
  if (via?.text !== "elicitation" || within === undefined || within.ms <= PATIENCE) return;
  const message = `most clients give up before ${durationText(within.ms)} are over`;
  scope.report(warning("MR584", within.span, message, "`within 50s`, or `via queue`, which waits"));
}

interface Around {
  readonly rules: readonly RuleItem[];
  /** Those that may make another message of one the next time. */
  readonly changing: readonly Pick<CompiledRule, "order" | "head">[];
  readonly scope: Scope;
}

const HELP = "an approval holds for exactly what it was given for: another message is asked for again";

function lintRepeated(ask: AskNode, asking: CompiledRule, { rules, changing, scope }: Around): void {
  if ([...asking.head.clauses, ...asking.head.excepts.flat()].some(looksAtClock)) {
    scope.report(warning("MR585", ask.span, "whether this is asked hangs on the time", HELP));
    return;
  }
  const head = asCalls(asking.head);
  const order = changing.find((one) => mayMeet(head, one.head))?.order;
  const other = order === undefined ? undefined : rules[order];
  if (other === undefined) return;
  const message = `\`${other.id.text}\` may make another message of it the next time`;
  scope.report(alsoAt(warning("MR585", ask.span, message, HELP), other.id.span, "this rule"));
}

function looksAtClock(clause: CompiledClause): boolean {
  if (clause.kind === "where") return clause.expression.usesClock;
  if (clause.kind !== "with") return false;
  return clause.all.some(({ test }) => test.kind === "compares" && isOfTime(test.value));
}

function isOfTime(value: CompiledValue): boolean {
  return value.kind === "expression" && value.expression.usesClock;
}

/** Of a module this is said only where the settings tell that it changes messages. */
function mayDiffer(transform: CompiledTransform, { modules }: Scope): boolean {
  switch (transform.kind) {
    case "set":
    case "add":
    case "supply":
      return isOfTime(transform.value);
    case "rewrite":
      return transform.expression.usesClock;
    case "call": {
      const known = modules?.find(({ name }) => name === transform.module);
      return known !== undefined && known.isValidator !== true;
    }
    case "rename":
    case "remove":
    case "redact":
    case "translate":
      return false;
  }
}
