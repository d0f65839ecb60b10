// The rules of a policy that one identity leaves in play, sorted by what they do.
import type { CompiledRule, CompiledTransform, CompiledVerdict } from "../../language/compiled-policy.ts";
import { methodFacts } from "../../mcp/methods.ts";
import { isInCanary } from "./canary.ts";
import type { Facts } from "../facts.ts";
import { truthOfTarget } from "./identity-truth.ts";
import { targetsOfException, type IndexedPolicy } from "../index-policy.ts";
import { narrow, waysFrom, type Match } from "./narrow.ts";
import type { SelectedDefault, SelectedException, SelectedRule, SelectedRules } from "./selection.ts";

export function selectRules(index: IndexedPolicy, facts: Facts): SelectedRules {
  const rules = index.buckets.candidates(facts).flatMap((rule) => selectRule(index, rule, facts));
  const verdicts = rules.filter(isJudged);
  const defaults = selectDefaults(index, facts);
  return {
    transforms: rules.flatMap((selected) => narrowedTo(selected, changesMessage, (home) => home !== "thing")),
    definitions: rules.flatMap((selected) => narrowedTo(selected, changesMessage, (home) => home === "thing")),
    renames: rules.flatMap((selected) => narrowedTo(selected, isRename, (home) => home === "thing")),
    supplies: rules.flatMap((selected) => narrowedTo(selected, isSupply, (home) => home === "thing")),
    verdicts,
    asks: verdicts.some((selected) => selected.asks),
    ...defaults,
    isRefused: verdicts.some(surelyBlocks) || isRefusedByDefault(verdicts, defaults),
  };
}

/** The identity is all it takes, and it cannot change. */
function surelyBlocks(selected: SelectedRule): boolean {
  const { match, exceptions, verdicts } = selected;
  return selected.isEnforced && match.settled !== undefined && exceptions.length === 0 && verdicts.some(isBlock);
}

/** No rule and no default could allow it. */
function isRefusedByDefault(
  verdicts: readonly SelectedRule[],
  { defaults, bareDefault }: Pick<SelectedRules, "defaults" | "bareDefault">,
): boolean {
  if (verdicts.some((selected) => selected.isEnforced && selected.verdicts.some(({ kind }) => kind === "allow"))) {
    return false;
  }
  if (defaults.some(({ verdict, match }) => verdict === "block" && match.settled !== undefined)) return true;
  return bareDefault?.verdict === "block" && defaults.every(({ verdict }) => verdict === "block");
}

function isBlock({ kind }: CompiledVerdict): boolean {
  return kind === "block";
}

function selectRule(index: IndexedPolicy, rule: CompiledRule, facts: Facts): readonly SelectedRule[] {
  const head = index.heads[rule.order];
  const match = head && narrow(head, facts);
  if (!match) return [];
  const exceptions = selectExceptions(index, rule, facts);
  return [
    {
      rule,
      match,
      verdicts: verdictsOn(rule, match, facts),
      exceptions,
      asks: match.asks || exceptions.some((exception) => exception.match.asks),
      isEnforced: isEnforced(rule, facts),
      isAboutThing: isAboutThing(match),
    },
  ];
}

/** Only requests are counted: a reply was, with its request. */
function verdictsOn(rule: CompiledRule, match: Match, facts: Facts): readonly CompiledVerdict[] {
  const { verdicts } = rule;
  if (!mayRefuse(rule, match, facts)) return verdicts.filter(({ kind }) => kind === "allow");
  return facts.kind === "request" ? verdicts : verdicts.filter(({ kind }) => kind !== "limit");
}

/** Those of its transforms, and the ways it can match, that are meant. */
function narrowedTo(
  selected: SelectedRule,
  isMeant: (transform: CompiledTransform) => boolean,
  isHome: Parameters<typeof waysFrom>[1],
): readonly SelectedRule[] {
  if (!selected.rule.transforms.some(isMeant)) return [];
  const match = waysFrom(selected.match, isHome);
  return match ? [{ ...selected, match, isAboutThing: isAboutThing(match) }] : [];
}

function changesMessage(transform: CompiledTransform): boolean {
  return transform.kind !== "rename" && transform.kind !== "supply";
}

function isRename(transform: CompiledTransform): boolean {
  return transform.kind === "rename";
}

function isSupply(transform: CompiledTransform): boolean {
  return transform.kind === "supply";
}

/** Verdicts, what keeps answers, notes without transforms, and notes of what acts when a thing is called: `rename` and `supply`. */
function isJudged({ rule, match }: SelectedRule): boolean {
  if (rule.verdicts.length > 0 || rule.cache) return true;
  if (rule.observations.length === 0) return false;
  const actsOnCalls =
    match.ways.some((way) => way.home === "thing") && rule.transforms.some((one) => !changesMessage(one));
  return rule.transforms.length === 0 || actsOnCalls;
}

/**
 * What keeps a connection alive or shows what is allowed is refused only by a rule that means it: one that names its
 * method, or that found something inside.
 */
function mayRefuse(rule: CompiledRule, match: Match, facts: Facts): boolean {
  if (!match.settled || !methodFacts(facts.method)?.isEssential) return true;
  return rule.head.targets.some((target) => target.kind === "method" && truthOfTarget(target, facts).truth !== "no");
}

function selectExceptions(index: IndexedPolicy, rule: CompiledRule, facts: Facts): readonly SelectedException[] {
  return (index.exceptions.get(rule.id) ?? []).flatMap((entry) => {
    const match = narrow(entry.head, facts, targetsOfException(entry, rule));
    return match ? [{ id: entry.exception.id, until: entry.exception.until, match }] : [];
  });
}

function isEnforced({ id, stage }: CompiledRule, { principal }: Facts): boolean {
  switch (stage.kind) {
    case "enforced":
      return true;
    case "shadow":
      return false;
    case "canary":
      return isInCanary(id, principal.user?.id, stage.percent);
  }
}

function isAboutThing(match: Match): boolean {
  const { content, request, tags } = match.reads;
  return !content && !request && !tags && match.ways.every((way) => way.home === "thing");
}

/** Replies answer to rules only; and no default breaks a connection or hides what is allowed. */
function selectDefaults(index: IndexedPolicy, facts: Facts): Pick<SelectedRules, "defaults" | "bareDefault"> {
  const isReply = facts.kind === "result" || facts.kind === "error";
  if (isReply || methodFacts(facts.method)?.isEssential) return { defaults: [], bareDefault: undefined };
  const defaults = index.defaults.flatMap(({ verdict, reason, place, head }): readonly SelectedDefault[] => {
    const match = narrow(head, facts);
    return match ? [{ verdict, reason, place, match }] : [];
  });
  return { defaults, bareDefault: index.bareDefault };
}
