// How long the server's answer to a request may be kept, and for whom, as the rules that keep such answers say.
import type { JsonValue } from "../../mcp/json.ts";
import type { Asking, Caching } from "../decision.ts";
import { evaluate } from "../evaluate.ts";
import { leadingWay } from "../matching/match-truth.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";

/**
 * Several rules: the least time, and the narrowest circle, which is the principal where one of them says no other. What
 * a `by` cannot tell, or is nothing, keeps nothing: an answer must not reach somebody it was not meant for.
 */
export function* cachingOf(rules: readonly SelectedRule[], scene: Scene): Asking<Caching | undefined> {
  const { kind, server } = scene.facts;
  if (rules.length === 0 || kind !== "request" || server === undefined) return undefined;
  const circles: JsonValue[] = [];
  let isByPrincipal = false;
  let forMs = Number.POSITIVE_INFINITY;
  for (const { rule, match } of rules) {
    if (!rule.cache) continue;
    forMs = Math.min(forMs, rule.cache.forMs);
    const { by } = rule.cache;
    if (!by) isByPrincipal = true;
    else {
      const answer = yield* evaluate(scene, by, scene.body(leadingWay(scene, match)?.home ?? "body"));
      if (answer.kind === "failed" || answer.value === undefined) return undefined;
      circles.push(answer.value);
    }
  }
  return { rule: rules[0]?.rule.id ?? "", forMs, by: isByPrincipal ? undefined : togetherOf(circles) };
}

function togetherOf(circles: readonly JsonValue[]): JsonValue | undefined {
  return circles.length === 1 ? circles[0] : circles;
}
