// Checked trees → what the engine reads: rules, defaults and exceptions.
import { parsePath } from "../../expression/path.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { DefaultItem, ExceptionItem, RuleItem } from "../tree/ast.ts";
import type {
  ActionNode,
  AnswerNode,
  AskNode,
  BlockNode,
  CacheNode,
  NoteNode,
  SharerNode,
  TransformNode,
  VerdictNode,
} from "../tree/ast-actions.ts";
import type { ExpressionNode, Written } from "../tree/ast-values.ts";
import { compiledExpression, compileHead, compilePatternNode, compileValue } from "./compile-head.ts";
import type {
  CompiledDefault,
  CompiledException,
  CompiledObservation,
  CompiledRefusal,
  CompiledRule,
  CompiledTransform,
  CompiledVerdict,
  LogLevel,
  Sharer,
  Stage,
  Template,
} from "../compiled-policy.ts";
import { patternOf, patternParts, placeOf, type Scope } from "../scope.ts";
import { readTemplate } from "../template.ts";
import { untilOf } from "../until.ts";

export function compileRule(rule: RuleItem, order: number, scope: Scope): CompiledRule {
  const failing = rule.settings.find((setting) => setting.kind === "fails");
  return {
    id: rule.id.text,
    description: rule.description?.text,
    place: placeOf(rule.id.span, scope),
    order,
    stage: stageOf(rule),
    fails: failing?.fails,
    head: compileHead(rule.head, scope),
    transforms: rule.actions.flatMap((action) => (isTransform(action) ? compileTransform(action, rule, scope) : [])),
    verdicts: rule.actions.flatMap((action) => (isVerdict(action) ? [compileVerdict(action, scope)] : [])),
    observations: rule.actions.flatMap((action) => (isNote(action) ? [compileObservation(action, scope)] : [])),
    cache: compileCache(rule.actions.find(isCache), scope),
  };
}

export function compileDefault(item: DefaultItem, scope: Scope): CompiledDefault {
  return {
    verdict: item.verdict,
    reason: item.reason === undefined ? undefined : templateOf(item.reason).map(plainText).join(""),
    place: placeOf(item.span, scope),
    head: item.head === undefined ? undefined : compileHead(item.head, scope),
  };
}

export function compileException(item: ExceptionItem, scope: Scope): CompiledException {
  return {
    id: item.id.text,
    place: placeOf(item.id.span, scope),
    rules: item.rules.map((rule) => rule.text),
    until: untilOf(item.until.text) ?? 0,
    reason: item.reason?.text,
    head: compileHead(item.head, scope),
  };
}

export function isVerdict(action: ActionNode): action is VerdictNode {
  return VERDICTS.has(action.kind);
}

function isNote(action: ActionNode): action is NoteNode {
  return action.kind === "log" || action.kind === "tag";
}

function isCache(action: ActionNode): action is CacheNode {
  return action.kind === "cache";
}

export function isTransform(action: ActionNode): action is TransformNode {
  return !isVerdict(action) && !isNote(action) && !isCache(action);
}

const VERDICTS: ReadonlySet<string> = new Set(["allow", "block", "ask", "answer", "limit"]);

function stageOf(rule: RuleItem): Stage {
  for (const setting of rule.settings) {
    if (setting.kind === "shadow") return { kind: "shadow" };
    if (setting.kind === "canary") return { kind: "canary", percent: setting.percent };
  }
  return { kind: "enforced" };
}

function compileVerdict(verdict: VerdictNode, scope: Scope): CompiledVerdict {
  switch (verdict.kind) {
    case "allow":
      return { kind: "allow" };
    case "block":
    case "ask":
    case "answer":
      return compileRefusal(verdict, scope);
    case "limit":
      return {
        kind: "limit",
        count: verdict.amount.count,
        of: verdict.of === undefined ? undefined : parsePath(verdict.of.text),
        perMs: verdict.per.ms,
        by: verdict.by === undefined ? undefined : compileSharer(verdict.by, scope),
        otherwise: verdict.otherwise === undefined ? undefined : compileRefusal(verdict.otherwise, scope),
      };
  }
}

function compileRefusal(refusal: BlockNode | AskNode | AnswerNode, scope: Scope): CompiledRefusal {
  switch (refusal.kind) {
    case "block":
      return {
        kind: "block",
        reason: refusal.reason === undefined ? undefined : templateOf(refusal.reason),
        asError: refusal.asError,
      };
    case "ask":
      return {
        kind: "ask",
        text: refusal.question === undefined ? undefined : templateOf(refusal.question),
        withinMs: refusal.within?.ms,
        via: refusal.via?.text,
      };
    case "answer":
      return { kind: "answer", value: compileValue(refusal.value, scope) };
  }
}

function compileSharer(sharer: SharerNode, scope: Scope): Sharer {
  return sharer.kind === "principal"
    ? { kind: "principal", principal: sharer.principal }
    : { kind: "expression", expression: compiledExpression(sharer.expression, scope) };
}

function compileCache(cache: CacheNode | undefined, scope: Scope): CompiledRule["cache"] {
  if (cache === undefined) return undefined;
  return { forMs: cache.duration.ms, by: cache.by === undefined ? undefined : compiledExpression(cache.by, scope) };
}

function compileTransform(transform: TransformNode, rule: RuleItem, scope: Scope): readonly CompiledTransform[] {
  switch (transform.kind) {
    case "rename":
      return compileRename(transform, rule, scope);
    case "supply":
    case "set":
    case "add":
      return [
        { kind: transform.kind, path: parsePath(transform.path.text), value: compileValue(transform.value, scope) },
      ];
    case "rewrite":
      return [
        {
          kind: "rewrite",
          path: parsePath(transform.path.text),
          expression: compiledExpression(transform.expression, scope),
        },
      ];
    case "remove":
      return [{ kind: "remove", paths: transform.paths.map((path) => parsePath(path.text)) }];
    case "redact":
      return [
        {
          kind: "redact",
          pattern: compilePatternNode(transform.pattern, scope),
          path: transform.path === undefined ? undefined : parsePath(transform.path.text),
          as: transform.as?.text ?? REDACTED,
        },
      ];
    case "translate":
      return [
        {
          kind: "translate",
          paths: transform.paths.length === 0 ? undefined : transform.paths.map((path) => parsePath(path.text)),
          to: transform.to.text,
          using: transform.using?.text,
        },
      ];
    case "call":
      return [{ kind: "call", module: transform.module.text, config: configOf(transform) }];
  }
}

function configOf({ config }: TransformNode & { kind: "call" }) {
  if (config === undefined) return undefined;
  if (isJsonObject(config.value)) return config.value;
  throw new Error("a list as the settings of a module was refused before");
}

/** What stands in the place of what a `redact` without `as` takes out. */
/** What stands where nothing else is to. */
export const REDACTED = "[redacted]";

/** One for each glob that the targets name: what its `*` take goes where those of `to` stand. */
function compileRename(
  transform: TransformNode & { kind: "rename" },
  rule: RuleItem,
  scope: Scope,
): readonly CompiledTransform[] {
  const { to } = transform;
  if (to.kind !== "glob") throw new Error("a new name that is no glob was refused before");
  return rule.head.targets.flatMap((target) =>
    target.kind === "thing"
      ? patternParts(target.pattern, scope).map((part) => ({
          kind: "rename" as const,
          from: patternOf([part], scope),
          to: to.text,
        }))
      : [],
  );
}

function compileObservation(observation: NoteNode, scope: Scope): CompiledObservation {
  switch (observation.kind) {
    case "log":
      return {
        kind: "log",
        level: (observation.level?.text ?? "info") as LogLevel,
        percent: observation.percent ?? 100,
        sink: observation.sink?.text,
        text: compileLogText(observation.text, scope),
      };
    case "tag": {
      const { names, lasting } = observation;
      return {
        kind: "tag",
        names: names.map((name) => name.text),
        lasting: lasting && { forMs: lasting.duration.ms, by: compileSharer(lasting.by, scope) },
      };
    }
  }
}

type LogText = (CompiledObservation & { kind: "log" })["text"];

function compileLogText(text: Written | ExpressionNode | undefined, scope: Scope): LogText {
  if (text === undefined) return undefined;
  if ("source" in text) return { kind: "expression", expression: compiledExpression(text, scope) };
  return { kind: "template", template: templateOf(text) };
}

function plainText(piece: Template[number]): string {
  if (piece.kind === "field") throw new Error(`a field in the reason of a default was refused before`);
  return piece.text;
}

function templateOf(text: Written): Template {
  const read = readTemplate(text.text);
  if (read.kind === "mistake") throw new Error(`a text with ${read.piece} was refused before`);
  return read.template;
}
