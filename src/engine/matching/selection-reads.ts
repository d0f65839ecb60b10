// What has to be at hand before the rules of a selection can be asked.
import type { Expression } from "../../expression/jsonata/expression.ts";
import type {
  CompiledObservation,
  CompiledTransform,
  CompiledVerdict,
  Sharer,
  Template,
} from "../../language/compiled-policy.ts";
import { isIdentity } from "../telling/fill-template.ts";
import type { LastingWriter } from "../gates/lasting-writers.ts";
import type { MatchReads } from "./narrow.ts";
import { allReads, NOTHING, readsOfExpression, readsOfPath, readsOfValue, type Reads } from "./prepare-head.ts";
import type { SelectedRule, SelectedRules } from "./selection.ts";

/** `tags`: those that outlive their call. */
export type RulesRead = MatchReads;

/** `lasting`: who writes such tags. Whose they are hangs on the message at hand. */
export function readsOf(rules: SelectedRules, lasting: readonly LastingWriter[]): RulesRead {
  const { transforms, supplies, verdicts, defaults } = rules;
  const reads = [
    ...transforms.map(readsOfTransforming),
    ...supplies.map(() => READS_ARGUMENTS),
    ...verdicts.map(readsOfJudging),
    ...defaults.map((entry) => entry.match.reads),
  ];
  const all = together(reads);
  if (!all.tags || lasting.length === 0) return { ...all, tags: false };
  const { request } = allReads(lasting.map(({ by }) => readsOfSharer(by)));
  return { ...all, content: true, request: all.request || request };
}

const READS_ARGUMENTS: MatchReads = { content: true, request: false, thing: true, tags: false };

function readsOfTransforming(selected: SelectedRule): MatchReads {
  const { transforms, observations } = selected.rule;
  const parts = allReads([...transforms.map(readsOfTransform), ...observations.map(readsOfObservation)]);
  const thing = transforms.some(({ kind }) => kind === "call");
  return together([...matchReads(selected), { ...parts, thing, content: true }]);
}

function readsOfJudging(selected: SelectedRule): MatchReads {
  const { verdicts, rule } = selected;
  const { observations, cache } = rule;
  const parts = allReads([
    ...verdicts.map(readsOfVerdict),
    ...observations.map(readsOfObservation),
    cache?.by ? readsOfExpression(cache.by) : NOTHING,
  ]);
  const isOfThing = selected.match.ways.some((way) => way.home === "thing");
  const isOfBody = selected.match.ways.some((way) => way.home !== "thing");
  const own = {
    content: parts.content || (parts.home && isOfBody) || observations.some(isLastingByExpression) || isAsked(selected),
    thing: parts.home && isOfThing,
    request: parts.request,
    tags: parts.tags,
  };
  return together([...matchReads(selected), own]);
}

/** An expression of it is evaluated elsewhere: a decision by identity waits for nobody. */
function isAsked({ verdicts, rule }: SelectedRule): boolean {
  const used = [
    ...verdicts.flatMap(expressionsOfVerdict),
    ...rule.observations.flatMap(expressionsOfObservation),
    ...(rule.cache?.by ? [rule.cache.by] : []),
  ];
  return used.some((expression) => !expression.compiled);
}

function expressionsOfVerdict(verdict: CompiledVerdict): readonly Expression[] {
  switch (verdict.kind) {
    case "allow":
    case "block":
    case "ask":
      return [];
    case "answer":
      return verdict.value.kind === "expression" ? [verdict.value.expression] : [];
    case "limit":
      return [
        ...(verdict.by?.kind === "expression" ? [verdict.by.expression] : []),
        ...(verdict.otherwise ? expressionsOfVerdict(verdict.otherwise) : []),
      ];
  }
}

function expressionsOfObservation(observation: CompiledObservation): readonly Expression[] {
  if (observation.kind === "log") return observation.text?.kind === "expression" ? [observation.text.expression] : [];
  return observation.lasting?.by.kind === "expression" ? [observation.lasting.by.expression] : [];
}

function matchReads(selected: SelectedRule): readonly MatchReads[] {
  return [selected.match.reads, ...selected.exceptions.map((exception) => exception.match.reads)];
}

function together(reads: readonly MatchReads[]): MatchReads {
  return {
    content: reads.some((one) => one.content),
    request: reads.some((one) => one.request),
    thing: reads.some((one) => one.thing),
    tags: reads.some((one) => one.tags),
  };
}

function readsOfVerdict(verdict: CompiledVerdict): Reads {
  switch (verdict.kind) {
    case "allow":
      return NOTHING;
    case "block":
      return verdict.reason ? readsOfTemplate(verdict.reason) : NOTHING;
    case "ask":
      return verdict.text ? readsOfTemplate(verdict.text) : NOTHING;
    case "answer":
      return readsOfValue(verdict.value);
    case "limit":
      return allReads([
        verdict.of ? readsOfPath(verdict.of) : NOTHING,
        readsOfSharer(verdict.by),
        verdict.otherwise ? readsOfVerdict(verdict.otherwise) : NOTHING,
      ]);
  }
}

function readsOfSharer(by: Sharer | undefined): Reads {
  return by?.kind === "expression" ? readsOfExpression(by.expression) : NOTHING;
}

function isLastingByExpression(observation: CompiledObservation): boolean {
  return observation.kind === "tag" && observation.lasting?.by.kind === "expression";
}

function readsOfObservation(observation: CompiledObservation): Reads {
  if (observation.kind === "tag") return readsOfSharer(observation.lasting?.by);
  if (!observation.text) return NOTHING;
  const { text } = observation;
  return text.kind === "template" ? readsOfTemplate(text.template) : readsOfExpression(text.expression);
}

function readsOfTransform(transform: CompiledTransform): Reads {
  switch (transform.kind) {
    case "rewrite":
      return readsOfExpression(transform.expression);
    case "set":
    case "add":
    case "supply":
      return readsOfValue(transform.value);
    case "rename":
    case "remove":
    case "redact":
    case "translate":
      return NOTHING;
    case "call":
      return { ...NOTHING, request: true };
  }
}

function readsOfTemplate(template: Template): Reads {
  return allReads(
    template.map((piece) => (piece.kind === "field" && !isIdentity(piece.path) ? readsOfPath(piece.path) : NOTHING)),
  );
}
