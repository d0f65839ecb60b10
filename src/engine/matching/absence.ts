// Messages that hold nothing of what their rules look for: what is decided of them is known before the first one comes.
import type { Path } from "../../expression/path.ts";
import type { Facts } from "../facts.ts";
import type { Revision } from "../policy-store.ts";
import { settle } from "../settle.ts";
import { notSieved, sieveOf, type SievedGroup } from "./rule-sieve.ts";
import type { Absence, SelectedRules, Selection, Sought } from "./selection.ts";
import { soughtAnywhere } from "./sought-anywhere.ts";

type Drafted = Pick<Selection, "rules" | "record">;

/** `undefined`: without reading the message not all can be said of it. */
export function absenceOf(
  revision: Revision,
  facts: Facts,
  drafted: Drafted,
  groups: readonly SievedGroup[],
): Absence | undefined {
  if (!isOfThing(facts)) return undefined;
  const { rules, sought } = ruledOut(revision, drafted.rules, facts.kind === "request" ? groups : []);
  // What else changes the message may write the very words.
  if (sought.length === 0 || sought.length > MOST_PLACES || rules.transforms.length > 0) return undefined;
  const decision = settle(revision, facts, { ...drafted, rules }, false);
  return decision && { decision, sought };
}

/** Each is walked to by itself. */
const MOST_PLACES = 8;

/** A call, and what is said in answer to one. */
function isOfThing({ kind, method, from }: Facts): boolean {
  if (kind === "request") return from === "client" && method === "tools/call";
  return kind === "result" && from === "server" && ANSWERED.has(method);
}

const ANSWERED = new Set(["tools/call", "prompts/get", "resources/read"]);

interface RuledOut {
  /** What is left when nothing of what is sought is there. */
  readonly rules: SelectedRules;
  readonly sought: readonly Sought[];
}

function ruledOut(revision: Revision, rules: SelectedRules, groups: readonly SievedGroup[]): RuledOut {
  const inArguments = groups.flatMap((group) => inArgumentsBy(group));
  const inGroups = inArguments.map(({ group }) => group);
  const verdicts = notSieved(rules.verdicts, inGroups);
  const anywhere = soughtAnywhere(verdicts, rules);
  const { words } = anywhere;
  const inMessage: readonly Sought[] =
    words.length === 0 ? [] : [{ kind: "in-message", sieve: sieveOf(revision.policy, [words]) }];
  return {
    rules: {
      ...rules,
      transforms: rules.transforms.filter((selected) => !anywhere.transforms.includes(selected)),
      verdicts: verdicts.filter((selected) => !anywhere.verdicts.includes(selected)),
    },
    sought: [...inArguments.map(({ sought }) => sought), ...inMessage],
  };
}

function inArgumentsBy(group: SievedGroup): readonly { readonly group: SievedGroup; readonly sought: Sought }[] {
  const keys = keysOf(group.path);
  return keys === undefined ? [] : [{ group, sought: { kind: "in-arguments", keys, sieve: group.sieve } }];
}

/** `undefined`: it starts elsewhere, or goes through a list. */
function keysOf({ absolute, steps }: Path): readonly string[] | undefined {
  const keys = steps.flatMap((step) => (step.kind === "member" ? [step.key] : []));
  if (keys.length < steps.length) return undefined;
  if (!absolute) return keys;
  return keys[0] === "params" && keys[1] === "arguments" ? keys.slice(2) : undefined;
}
