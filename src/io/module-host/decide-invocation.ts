// What the rules say of one message that another gateway has sent, which tells no more of its request than it wants to.
import { decide } from "../../engine/decide.ts";
import type { Decision } from "../../engine/decision.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { select, type Selection } from "../../engine/matching/select.ts";
import type { SelectedRule } from "../../engine/matching/selection.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { type Answerers, carryOut } from "../answer-needs.ts";
import type { Invocation } from "./read-invocation.ts";

/**
 * What came has been changed already, by the mutator, if whoever asks called that. Modules are asked all the same: there
 * are none here, so a rule with one refuses whatever is asked.
 */
export function withoutTransforms(selection: Selection): Selection {
  const { transforms } = selection.rules;
  return { ...selection, rules: { ...selection.rules, transforms: transforms.flatMap(onlyCalls), supplies: [] } };
}

function onlyCalls(selected: SelectedRule): readonly SelectedRule[] {
  const transforms = selected.rule.transforms.filter(({ kind }) => kind === "call");
  return transforms.length === 0 ? [] : [{ ...selected, rule: { ...selected.rule, transforms } }];
}

export async function decideInvocation(
  revision: Revision,
  selection: Selection,
  read: Invocation,
  answerers: Answerers,
): Promise<Decision> {
  const { facts, content, surroundings } = read;
  const tags = await tagsOfRequest(revision, read, answerers);
  if (tags !== undefined) {
    return carryOut(decide(revision, selection, facts, content, { ...surroundings, tags }), answerers);
  }
  // Where nobody remembers them, no tag is known, and rules that look at tags are in doubt.
  const unknown = { ...selection, readsTags: true };
  return carryOut(decide(revision, unknown, facts, content, surroundings), { ...answerers, store: undefined });
}

/** Those that its request would get, as it was sent. `undefined`: that cannot be told. */
async function tagsOfRequest(
  revision: Revision,
  { facts, surroundings }: Invocation,
  answerers: Answerers,
): Promise<readonly string[] | undefined> {
  const { tagsRead } = revision.policy.policy;
  const isReply = facts.kind === "result" || facts.kind === "error";
  if (!isReply || tagsRead.length === 0) return [];
  const { request, ...nothing } = surroundings;
  if (!isJsonObject(request)) return undefined;
  const { params } = request;
  const asking = { ...facts, kind: "request", from: facts.from === "client" ? "server" : "client" } as const;
  const selection = select(revision, asking);
  if (selection.rules.transforms.some(({ rule }) => isTagging(rule, tagsRead))) return undefined;
  const content = params === undefined ? {} : { params };
  const asked = decide(revision, withoutTransforms(selection), asking, content, { ...nothing, request: undefined });
  return (await carryOut(asked, answerers)).tags;
}

/** Of those that change messages, whether they changed one cannot be told by what was sent. */
function isTagging({ observations }: SelectedRule["rule"], tagsRead: readonly string[]): boolean {
  return observations.some(
    (one) => one.kind === "tag" && one.lasting === undefined && one.names.some((name) => tagsRead.includes(name)),
  );
}
