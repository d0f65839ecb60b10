// What has to be at hand before the rules of a selection can be asked.
import type { CompiledObservation, CompiledTransform, CompiledVerdict, Template } from "../language/compiled-policy.ts";
import { isIdentity } from "./fill-template.ts";
import type { MatchReads } from "./narrow.ts";
import { allReads, NOTHING, readsOfExpression, readsOfPath, readsOfValue, type Reads } from "./prepare-head.ts";
import type { SelectedRule, SelectedRules } from "./selection.ts";

export type RulesRead = Omit<MatchReads, "tags">;

export function readsOf(rules: SelectedRules): RulesRead {
  const { transforms, supplies, verdicts, defaults } = rules;
  const reads = [
    ...transforms.map(readsOfTransforming),
    ...supplies.map(() => READS_ARGUMENTS),
    ...verdicts.map(readsOfJudging),
    ...defaults.map((entry) => entry.match.reads),
  ];
  return {
    content: reads.some((one) => one.content),
    request: reads.some((one) => one.request),
    thing: reads.some((one) => one.thing),
  };
}

const READS_ARGUMENTS: MatchReads = { content: true, request: false, thing: true, tags: false };

function readsOfTransforming(selected: SelectedRule): MatchReads {
  const { transforms, observations } = selected.rule;
  const parts = allReads([...transforms.map(readsOfTransform), ...observations.map(readsOfObservation)]);
  return together([...matchReads(selected), { ...parts, thing: false, content: true }]);
}

function readsOfJudging(selected: SelectedRule): MatchReads {
  const { verdicts, rule } = selected;
  const parts = allReads([...verdicts.map(readsOfVerdict), ...rule.observations.map(readsOfObservation)]);
  const isOfThing = selected.match.ways.some((way) => way.home === "thing");
  const isOfBody = selected.match.ways.some((way) => way.home !== "thing");
  const own = {
    content: parts.content || (parts.home && isOfBody),
    thing: parts.home && isOfThing,
    request: parts.request,
    tags: parts.tags,
  };
  return together([...matchReads(selected), own]);
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
        verdict.by?.kind === "expression" ? readsOfExpression(verdict.by.expression) : NOTHING,
        verdict.otherwise ? readsOfVerdict(verdict.otherwise) : NOTHING,
      ]);
  }
}

function readsOfObservation(observation: CompiledObservation): Reads {
  if (observation.kind === "tag" || !observation.text) return NOTHING;
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
    case "call":
      return NOTHING;
  }
}

function readsOfTemplate(template: Template): Reads {
  return allReads(
    template.map((piece) => (piece.kind === "field" && !isIdentity(piece.path) ? readsOfPath(piece.path) : NOTHING)),
  );
}
