// What a rule decides, and whom a limit or a tag counts for, as the engine reads it.
import { parsePath } from "../../expression/path.ts";
import type { AnswerNode, AskNode, BlockNode, SharerNode, VerdictNode } from "../tree/ast-actions.ts";
import type { Written } from "../tree/ast-values.ts";
import type { CompiledRefusal, CompiledVerdict, Sharer, Template } from "../compiled-policy.ts";
import type { Scope } from "../scope.ts";
import { readTemplate } from "../template.ts";
import { compiledExpression, compileValue } from "./compile-head.ts";

export function compileVerdict(verdict: VerdictNode, scope: Scope): CompiledVerdict {
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

export function compileSharer(sharer: SharerNode, scope: Scope): Sharer {
  return sharer.kind === "principal"
    ? { kind: "principal", principal: sharer.principal }
    : { kind: "expression", expression: compiledExpression(sharer.expression, scope) };
}

/** What cannot be read was refused before. */
export function templateOf(text: Written): Template {
  const read = readTemplate(text.text);
  if (read.kind === "mistake") throw new Error(`a text with ${read.piece} was refused before`);
  return read.template;
}
