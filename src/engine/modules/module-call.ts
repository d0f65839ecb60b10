// One module, asked about a message as it now stands: what leaves for it, and what the record says of what came back.
import type { CompiledTransform } from "../../language/compiled-policy.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { ModuleRecord } from "../decision-record.ts";
import type { Content } from "../decision.ts";
import { shortened } from "../telling/fill-template.ts";
import { maskText, maskValue } from "../telling/masking.ts";
import { moduleMessage } from "./module-message.ts";
import type { ModuleAnswer, ModuleCall, ModuleMessage } from "../need.ts";
import type { Notes } from "../notes.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";

export type CallTransform = Extract<CompiledTransform, { readonly kind: "call" }>;

/** The content as it may leave; `undefined`: something has to be masked in it, and cannot be. */
export function leavingContent({ revision, content }: Scene, { secrets }: Notes): Content | undefined {
  const masked = maskValue(revision, content, secrets);
  return isJsonObject(masked) ? masked : undefined;
}

/** `sent`: the content as it may leave. `undefined`: no module hears of such messages. */
export function moduleCall(
  type: ModuleCall["type"],
  scene: Scene,
  sent: Content,
  { rule, isEnforced }: SelectedRule,
  { module, config }: CallTransform,
): ModuleCall | undefined {
  const { facts, surroundings, revision } = scene;
  const view = moduleMessage(facts, sent);
  const request = scene.named("request");
  return (
    view && {
      ...view,
      module,
      type,
      config,
      fails: rule.fails,
      isShadow: !isEnforced,
      rule: rule.id,
      revision: revision.id,
      server: facts.server,
      from: facts.from,
      principal: facts.principal,
      session: surroundings.session,
      request: isJsonObject(request) ? request : undefined,
      now: surroundings.now,
    }
  );
}

/** `more`: what we say of the answer ourselves; it stands with the last interceptor that answered so. */
export function noteModules(
  notes: Notes,
  selected: SelectedRule,
  { used }: ModuleAnswer,
  more: { readonly of?: ModuleRecord["outcome"] } & Partial<ModuleRecord> = {},
): void {
  const { of, ...said } = more;
  const at = used.findLastIndex(({ outcome }) => outcome === of);
  const head = { rule: selected.rule.id, ...(!selected.isEnforced && { isShadow: true as const }) };
  for (const [index, use] of used.entries()) {
    noteUse(notes.modules, { ...head, ...use, ...(index === at && said) });
  }
}

/** Its mutators and its validators are asked apart: that it has none of a kind is told only of one that has none of either. */
function noteUse(records: ModuleRecord[], record: ModuleRecord): void {
  const isOther = ({ rule, module }: ModuleRecord): boolean => rule !== record.rule || module !== record.module;
  if (record.outcome === "none" && !records.every(isOther)) return;
  const unasked = records.findIndex((one) => one.outcome === "none" && !isOther(one));
  if (unasked !== -1) records.splice(unasked, 1);
  records.push(record);
}

/** What a module says, for people to read: it may hold anything. */
export function saidBy(scene: Scene, messages: readonly ModuleMessage[], notes: Notes): string | undefined {
  const [first] = messages;
  return first && shortened(maskText(scene.revision, first.message, notes.secrets));
}
