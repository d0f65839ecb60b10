// What rules note of a message: lines for a log, and tags for its reply. None of it ever touches the message.
import type { CompiledObservation } from "../../language/compiled-policy.ts";
import type { Asking, LastingTags, LogLine } from "../decision.ts";
import { evaluate } from "../evaluate.ts";
import { escaped, fillTemplate, shortened } from "./fill-template.ts";
import { lastingKeys } from "../gates/lasting-tags.ts";
import { maskText } from "./masking.ts";
import { leadingWay } from "../matching/match-truth.ts";
import { noteOnce, type Notes } from "../notes.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";

type Log = Extract<CompiledObservation, { readonly kind: "log" }>;
type Tag = Extract<CompiledObservation, { readonly kind: "tag" }>;

export interface Observed {
  readonly tags: readonly string[];
  readonly logs: readonly LogLine[];
  readonly lasting: readonly LastingTags[];
  /** A rule whose tags some rule reads, and of which it cannot be told whose they are. */
  readonly untagged: SelectedRule | undefined;
}

/** `rules`: those that matched or changed something, and have something to note. */
export function* observe(rules: readonly SelectedRule[], scene: Scene, notes: Notes): Asking<Observed> {
  const tags = new Set<string>();
  const logs: LogLine[] = [];
  const kept: Kept = { lasting: [], untagged: undefined };
  for (const selected of rules.toSorted((one, other) => one.rule.order - other.rule.order)) {
    for (const observation of selected.rule.observations) {
      if (observation.kind === "tag") {
        addAll(tags, observation.names);
        yield* keepTags(scene, selected, observation, kept, notes);
      } else if (isDue(scene, selected, observation)) logs.push(yield* logLine(scene, selected, observation, notes));
    }
  }
  return { tags: [...tags], logs, ...kept };
}

/** Filled rule by rule. */
interface Kept {
  readonly lasting: LastingTags[];
  untagged: SelectedRule | undefined;
}

function* keepTags(scene: Scene, selected: SelectedRule, tag: Tag, kept: Kept, notes: Notes): Asking<void> {
  const { names, lasting } = tag;
  if (!lasting) return;
  const { id: rule, place, fails } = selected.rule;
  const keys = yield* lastingKeys(scene, lasting.by);
  const failsOpen = fails === "open";
  if (keys) kept.lasting.push(...keys.map((key) => ({ rule, place, failsOpen, names, forMs: lasting.forMs, key })));
  else if (failsOpen) noteOnce(notes.failedOpen, rule);
  else if (isRead(scene, tag)) kept.untagged ??= selected;
}

function isRead({ revision }: Scene, { names }: Tag): boolean {
  const { tagsRead } = revision.policy.policy;
  return names.some((name) => tagsRead.includes(name));
}

function addAll(tags: Set<string>, names: readonly string[]): void {
  for (const name of names) tags.add(name);
}

/** The share is exact, and needs no chance: of 20 % it is every fifth. Counted from the start of the revision. */
function isDue(scene: Scene, { rule }: SelectedRule, { percent }: Log): boolean {
  if (percent >= 100) return true;
  const { logShares } = scene.revision.policy;
  const owed = (logShares.get(rule.order) ?? 0) + percent;
  logShares.set(rule.order, owed >= 100 ? owed - 100 : owed);
  return owed >= 100;
}

function* logLine(scene: Scene, selected: SelectedRule, log: Log, notes: Notes): Asking<LogLine> {
  const { level, sink } = log;
  const { revision, facts } = scene;
  const text = yield* textOf(scene, selected, log, notes);
  return {
    level,
    ...(sink !== undefined && { sink }),
    revision: revision.id,
    rule: selected.rule.id,
    method: maskText(revision, facts.method),
    from: facts.from,
    ...(facts.server !== undefined && { server: facts.server }),
    ...(facts.name !== undefined && { name: maskText(revision, facts.name) }),
    text: maskText(revision, text, notes.secrets),
  };
}

function* textOf(scene: Scene, selected: SelectedRule, { text }: Log, notes: Notes): Asking<string> {
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  if (!text) return plainText(scene);
  if (text.kind === "template") return fillTemplate(scene, home, text.template, "log", notes.secrets);
  const answer = yield* evaluate(scene, text.expression, scene.body(home));
  if (answer.kind === "failed") return `the text of this line failed: ${shortened(answer.reason)}`;
  if (answer.value === undefined) return "";
  return escaped(typeof answer.value === "string" ? answer.value : JSON.stringify(answer.value));
}

function plainText({ facts }: Scene): string {
  const name = facts.name === undefined ? "" : ` ${shortened(facts.name)}`;
  return `${facts.kind} ${facts.method}${name}${facts.server === undefined ? "" : ` on ${facts.server}`}`;
}
