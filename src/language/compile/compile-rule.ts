// Checked trees → what the engine reads: rules, defaults and exceptions.
import type { DefaultItem, ExceptionItem, RuleItem } from "../tree/ast.ts";
import type { ActionNode, CacheNode, NoteNode, TransformNode, VerdictNode } from "../tree/ast-actions.ts";
import type { ExpressionNode, Written } from "../tree/ast-values.ts";
import type {
  CompiledDefault,
  CompiledException,
  CompiledObservation,
  CompiledRule,
  LogLevel,
  Stage,
  Template,
} from "../compiled-policy.ts";
import { placeOf, type Scope } from "../scope.ts";
import { untilOf } from "../until.ts";
import { compiledExpression, compileHead } from "./compile-head.ts";
import { compileTransform } from "./compile-transform.ts";
import { compileSharer, compileVerdict, templateOf } from "./compile-verdict.ts";

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

function compileCache(cache: CacheNode | undefined, scope: Scope): CompiledRule["cache"] {
  if (cache === undefined) return undefined;
  return { forMs: cache.duration.ms, by: cache.by === undefined ? undefined : compiledExpression(cache.by, scope) };
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
