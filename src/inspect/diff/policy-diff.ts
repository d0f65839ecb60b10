// Two versions of a policy: what was added, removed, changed and moved, and what each of that means, in words.
import type {
  CompiledDefault,
  CompiledException,
  CompiledPolicy,
  CompiledRule,
} from "../../language/compiled-policy.ts";
import type { Place } from "../../language/compiled-value.ts";
import { durationText } from "../../language/duration-text.ts";
import { targetText } from "../clause-text.ts";
import { inOtherOrder } from "./other-order.ts";
import { headLines, ruleLines, transformText } from "./rule-text.ts";

export interface ItemChange {
  readonly item: "rule" | "exception" | "default";
  /** Of a default, `default`. */
  readonly id: string;
  /** `moved`: the same, but at another place among the transforms, where order counts. */
  readonly change: "added" | "removed" | "changed" | "moved";
  /** In the new policy, or of what is gone, in the old one. */
  readonly place: Place;
  /** Lines in the words of the language: those that went and those that came. */
  readonly gone: readonly string[];
  readonly come: readonly string[];
  /** One clause: what it does now, or no longer does. */
  readonly effect: string;
}

/** Removed ones first, then in the order of the new policy. */
export function diffPolicies(before: CompiledPolicy, after: CompiledPolicy): readonly ItemChange[] {
  const olds = itemsOf(before);
  const news = itemsOf(after);
  const removed = [...olds.values()].filter((old) => !news.has(old.key)).map(removal);
  const moved = inOtherOrder(transformOrder(before), transformOrder(after));
  const others = [...news.values()].flatMap((item) => {
    const old = olds.get(item.key);
    if (!old) return [addition(item)];
    return alteration(old, item) ?? (item.item === "rule" && moved.has(item.id) ? [movement(item)] : []);
  });
  return [...removed, ...others];
}

interface Item {
  readonly key: string;
  readonly item: ItemChange["item"];
  readonly id: string;
  readonly place: Place;
  readonly lines: readonly string[];
  /** As it would be said of one who does it: `refuses tool a on b`. */
  readonly does: string;
}

function itemsOf({ rules, defaults, exceptions }: CompiledPolicy): ReadonlyMap<string, Item> {
  const items = [...defaults.map(defaultItem), ...rules.map(ruleItem), ...exceptions.map(exceptionItem)];
  return new Map(items.map((item) => [item.key, item]));
}

function ruleItem(rule: CompiledRule): Item {
  const { id, place } = rule;
  return { key: `rule ${id}`, item: "rule", id, place, lines: ruleLines(rule), does: doing(rule) };
}

/** A default has no name of its own: it is known by its head. */
function defaultItem({ verdict, reason, head, place }: CompiledDefault): Item {
  const lines = head ? headLines(head) : [];
  const what = head ? lines.join(" ").replace(/^when /, "") : "what no rule speaks of";
  const told = reason === undefined ? verdict : `${verdict} ${JSON.stringify(reason)}`;
  const does = `${verdict === "allow" ? "allows" : "refuses"} ${what}`;
  return { key: `default ${lines.join(" ")}`, item: "default", id: "default", place, lines: [...lines, told], does };
}

function exceptionItem({ id, place, rules, until, head }: CompiledException): Item {
  const day = new Date(until).toISOString().slice(0, 10);
  const lines = [`to ${rules.join(", ")}`, `until ${day}`, ...headLines(head)];
  return {
    key: `exception ${id}`,
    item: "exception",
    id,
    place,
    lines,
    does: `takes out ${rules.join(", ")} until ${day}`,
  };
}

function doing(rule: CompiledRule): string {
  const { head, transforms, stage, cache } = rule;
  const servers = head.clauses.flatMap((clause) => (clause.kind === "on" ? [` on ${clause.server.text}`] : []));
  const what = head.targets.map(targetText).join(" or ") + servers.join("");
  const isPartly = head.clauses.length > servers.length || head.excepts.length > 0;
  const whom = isPartly ? `some of ${what}` : what;
  const trial =
    stage.kind === "enforced" ? "" : `, ${stage.kind === "shadow" ? "on trial" : `for ${stage.percent}% of users`}`;
  const judges = judging(rule, whom);
  if (judges !== undefined) return `${judges}${trial}`;
  const rename = transforms.find((transform) => transform.kind === "rename");
  if (rename) return `calls ${what} ${rename.to}`;
  if (transforms.length > 0) return `changes ${whom}: ${transforms.map(transformText).join("; ")}${trial}`;
  if (cache) return `keeps answers to ${whom} for ${durationText(cache.forMs)}${trial}`;
  return `notes ${whom}${trial}`;
}

/** Of `allow ask` and its like, what it takes away; that it allows is said before. */
function judging({ verdicts }: CompiledRule, whom: string): string | undefined {
  const verdict = verdicts.find(({ kind }) => kind !== "allow");
  const allows = verdicts.some(({ kind }) => kind === "allow") ? "allows" : "";
  switch (verdict?.kind) {
    case undefined:
      return allows === "" ? undefined : `${allows} ${whom}`;
    case "block":
      return `refuses ${whom}`;
    case "answer":
      return `answers ${whom} in the server's place`;
    case "ask":
      return allows === "" ? `asks a human about ${whom}` : `allows ${whom} when a human says so`;
    case "limit": {
      const share = `${verdict.count}${verdict.of ? ` of ${verdict.of.text}` : ""} per ${durationText(verdict.perMs)}`;
      return `${allows === "" ? "lets through" : allows} no more than ${share} of ${whom}`;
    }
    case "allow":
      return undefined;
  }
}

function addition(item: Item): ItemChange {
  return { ...shape(item), change: "added", gone: [], come: item.lines, effect: item.does };
}

function removal(item: Item): ItemChange {
  return { ...shape(item), change: "removed", gone: item.lines, come: [], effect: `no longer ${item.does}` };
}

function movement(item: Item): ItemChange {
  return {
    ...shape(item),
    change: "moved",
    gone: [],
    come: [],
    effect: `${item.does}, at another place among the transforms`,
  };
}

function alteration(old: Item, item: Item): readonly ItemChange[] | undefined {
  const gone = old.lines.filter((line) => !item.lines.includes(line));
  const come = item.lines.filter((line) => !old.lines.includes(line));
  if (gone.length === 0 && come.length === 0 && old.lines.length === item.lines.length) return undefined;
  const effect = old.does === item.does ? `still ${item.does}` : `${item.does}; before: ${old.does}`;
  return [{ ...shape(item), change: "changed", gone, come, effect }];
}

function shape({ item, id, place }: Item): Pick<ItemChange, "item" | "id" | "place"> {
  return { item, id, place };
}

function transformOrder({ rules }: CompiledPolicy): readonly string[] {
  return rules.filter(({ transforms }) => transforms.length > 0).map(({ id }) => id);
}
