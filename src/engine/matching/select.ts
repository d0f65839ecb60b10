// Which rules a message's identity leaves in play; remembered, so that deciding costs the same at any number of rules.
import type { Path } from "../../expression/path.ts";
import type { CompiledTransform } from "../../language/compiled-policy.ts";
import { mayCarryResources } from "../carried-resources.ts";
import type { Facts } from "../facts.ts";
import type { Revision } from "../policy-store.ts";
import { recordHead } from "../telling/record.ts";
import { absenceOf } from "./absence.ts";
import { ruleSieve, sievedGroups } from "./rule-sieve.ts";
import { selectRules } from "./select-rules.ts";
import type { SelectedRule, SelectedRules, Selection } from "./selection.ts";
import { memoryOf } from "./selection-memory.ts";
import { readsOf, type RulesRead } from "./selection-reads.ts";
import { settle } from "../settle.ts";

export type { Selection } from "./selection.ts";

export function select(revision: Revision, facts: Facts): Selection {
  const memory = memoryOf(revision);
  const known = memory.recall(facts);
  if (known) return known;
  const selection = selectAnew(revision, facts);
  memory.keep(facts, selection);
  return selection;
}

function selectAnew(revision: Revision, facts: Facts): Selection {
  const rules = selectRules(revision.policy, facts);
  const reads: RulesRead = readsOf(rules, revision.policy.lasting);
  const looksFurther = mayHoldSecrets(revision, facts) || mayCarryResources(revision.policy, facts);
  const readsBody = reads.content || looksFurther || mayHaveToFit(revision, facts, rules);
  const record = recordHead(revision, facts);
  const byIdentity = settle(revision, facts, { rules, record }, readsBody);
  const isOpen = readsBody && !byIdentity;
  const groups = isOpen ? sievedGroups(revision.policy, rules.verdicts) : NO_GROUPS;
  const isUpToRules = !looksFurther && !reads.tags;
  return {
    byIdentity,
    byAbsence: isUpToRules ? absenceOf(revision, facts, { rules, record }, groups) : undefined,
    readsBody: isOpen,
    readsRequest: reads.request && !byIdentity,
    readsThing: reads.thing && !byIdentity,
    readsTags: reads.tags && !byIdentity,
    rules: isOpen ? { ...rules, sieve: ruleSieve(rules.verdicts, groups) } : rules,
    record,
  };
}

const NO_GROUPS: readonly never[] = [];

/** Arguments of a tool whose schema some rule may have changed have to be looked at. */
function mayHaveToFit(revision: Revision, facts: Facts, rules: SelectedRules): boolean {
  if (facts.method !== "tools/call" || facts.kind !== "request") return false;
  if (rules.supplies.length > 0 || rules.definitions.some(mayWriteSchema)) return true;
  const list: Facts = { ...facts, kind: "result", method: "tools/list", from: "server", name: undefined };
  return select(revision, list).rules.transforms.some(
    (selected) => selected.isEnforced && mayWriteSomeSchema(selected),
  );
}

function mayWriteSomeSchema({ rule }: SelectedRule): boolean {
  return rule.transforms.some(({ kind }) => kind !== "translate");
}

function mayWriteSchema({ rule, isEnforced }: SelectedRule): boolean {
  return isEnforced && rule.transforms.some((transform) => pathsWritten(transform).some(leadsToSchema));
}

/** `undefined`: anywhere. A translation changes nothing that arguments have to fit. */
function pathsWritten(transform: CompiledTransform): readonly (Path | undefined)[] {
  switch (transform.kind) {
    case "rename":
    case "translate":
      return [];
    case "call":
      return [undefined];
    case "remove":
      return transform.paths;
    case "redact":
    case "rewrite":
    case "set":
    case "add":
    case "supply":
      return [transform.path];
  }
}

function leadsToSchema(path: Path | undefined): boolean {
  const first = path?.steps[0];
  return !first || (first.kind === "member" && first.key === "inputSchema");
}

/** What `supply` wrote into the request is masked in its reply. */
function mayHoldSecrets(revision: Revision, facts: Facts): boolean {
  if (facts.kind === "request" || facts.kind === "notification") return false;
  const request: Facts = { ...facts, kind: "request", from: facts.from === "server" ? "client" : "server" };
  return selectRules(revision.policy, request).supplies.length > 0;
}
