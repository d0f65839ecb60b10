// The validators of every module that was called for a message, asked together about the message that will be sent.
import { sortedJson } from "../../mcp/sorted-json.ts";
import type { Asking } from "../decision.ts";
import { leavingContent, moduleCall, noteModules, saidBy, type CallTransform } from "./module-call.ts";
import { answerTo, type ModuleAnswer, type ModuleCall, type ModuleFault } from "../need.ts";
import { noteOnce, type Notes } from "../notes.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";

/** A rule that called a module at its place. */
export interface PendingCall {
  readonly selected: SelectedRule;
  readonly transform: CallTransform;
}

export function callsOf(selected: SelectedRule): readonly PendingCall[] {
  return selected.rule.transforms.flatMap((transform) => (transform.kind === "call" ? [{ selected, transform }] : []));
}

/** A verdict of the rule that called. */
export interface Rejection {
  readonly selected: SelectedRule;
  readonly kind: "block" | "ask";
  /** For the one who is refused or asked, where the settings let it be told. */
  readonly text: string | undefined;
}

export type Validated =
  | { readonly kind: "validated"; readonly rejections: readonly Rejection[] }
  | {
      readonly kind: "failed";
      readonly rule: SelectedRule;
      readonly reason: string;
      readonly module?: ModuleFault;
    };

export function* validate(pending: readonly PendingCall[], scene: Scene, notes: Notes): Asking<Validated> {
  if (pending.length === 0) return NOBODY_ASKED;
  const sent = leavingContent(scene, notes);
  if (!sent) return unmasked(pending);
  const asked = eachOnce(pending).flatMap(({ selected, transform }): readonly Asked[] => {
    const call = moduleCall("validation", scene, sent, selected, transform);
    return call ? [{ selected, call }] : [];
  });
  if (asked.length === 0) return NOBODY_ASKED;
  const { answers } = answerTo("call", yield { kind: "call", calls: asked.map(({ call }) => call) });
  const heard = asked.map((one, index) => hear(one, answers[index], scene, notes));
  const rejections = heard.flatMap((one) => (one && one.kind !== "failed" ? [one] : []));
  const fault = heard.find((one) => one?.kind === "failed");
  // What failed might have refused; a refusal says why.
  return fault?.kind === "failed" && !rejections.some(({ kind }) => kind === "block")
    ? fault
    : { kind: "validated", rejections };
}

export const NOBODY_ASKED: Validated = { kind: "validated", rejections: [] };

interface Asked {
  readonly selected: SelectedRule;
  readonly call: ModuleCall;
}

/** Once per rule and settings. */
function eachOnce(pending: readonly PendingCall[]): readonly PendingCall[] {
  const byKey = pending.map((call): readonly [string, PendingCall] => {
    const { selected, transform } = call;
    return [sortedJson([selected.rule.id, transform.module, transform.config ?? null]), call];
  });
  return [...new Map(byKey.toReversed()).values()].toReversed();
}

/** In shadow nobody is asked either. */
function unmasked(pending: readonly PendingCall[]): Validated {
  const enforced = pending.find(({ selected: { isEnforced, rule } }) => isEnforced && rule.fails !== "open");
  if (!enforced) return NOBODY_ASKED;
  return { kind: "failed", rule: enforced.selected, reason: "what has to be masked for a module cannot be changed" };
}

type Fault = Extract<Validated, { readonly kind: "failed" }>;

/** What counts of what was said. */
function hear(
  { selected, call }: Asked,
  answer: ModuleAnswer | undefined,
  scene: Scene,
  notes: Notes,
): Rejection | Fault | undefined {
  switch (answer?.kind) {
    case undefined:
      throw new Error("modules were called, and not all of them answered");
    case "pass":
      noteModules(notes, selected, answer);
      return undefined;
    case "rejected": {
      const says = saidBy(scene, answer.messages, notes);
      noteModules(notes, selected, answer, { of: "rejected", ...(says !== undefined && { says }) });
      const kind = answer.asks ? "ask" : "block";
      if (selected.isEnforced) return { selected, kind, text: answer.mayTell ? says : undefined };
      notes.shadow.push({ rule: selected.rule.id, would: kind });
      return undefined;
    }
    case "changed":
      noteModules(notes, selected, answer, { of: "changed", outcome: "failed", reason: "malformed" });
      return faultOf(selected, { module: call.module, reason: "malformed" }, notes);
    case "failed":
      noteModules(notes, selected, answer, { of: "failed", reason: answer.reason });
      return faultOf(selected, { module: call.module, reason: answer.reason }, notes);
  }
}

function faultOf(selected: SelectedRule, module: ModuleFault, notes: Notes): Fault | undefined {
  const { rule, isEnforced } = selected;
  if (!isEnforced) return undefined;
  if (rule.fails !== "open") {
    return { kind: "failed", rule: selected, reason: `module ${module.module}: ${module.reason}`, module };
  }
  noteOnce(notes.failedOpen, rule.id);
  return undefined;
}
