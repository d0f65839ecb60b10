// The transforms of one message, rules in the order written: first what the client packed and may not set, last what is supplied.
import type { Asking } from "../decision.ts";
import { changedIdentity } from "./identity-guard.ts";
import { misspeltArgument } from "./key-case.ts";
import { secretMaskings } from "../telling/masking.ts";
import { leadingWay } from "../matching/match-truth.ts";
import { noteOnce, type Notes } from "../notes.ts";
import { truthOfRule } from "../matching/rule-truth.ts";
import { schemaMisfit } from "../catalogue/schema-check.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule, SelectedRules } from "../matching/selection.ts";
import { dropSupplied, writeSupplied } from "./supply.ts";
import type { ModuleFault } from "../need.ts";
import { applyTransforms, asksOthers, isSafeInDoubt, redact } from "./transform.ts";
import { failed, type Transformed } from "./transformed.ts";
import { unpackArguments } from "./unpack.ts";
import { callsOf, type PendingCall } from "../modules/validate.ts";

export type TransformOutcome =
  | {
      readonly kind: "done";
      readonly scene: Scene;
      readonly changed: readonly SelectedRule[];
      /** Modules that were called, whose validators have still to be asked. */
      readonly calls: readonly PendingCall[];
    }
  /** `rule`: undefined when no single rule is to blame. */
  | {
      readonly kind: "failed";
      readonly rule: SelectedRule | undefined;
      readonly reason: string;
      readonly module?: ModuleFault | undefined;
    }
  /** The arguments do not fit what is advertised. */
  | { readonly kind: "misfit"; readonly misfit: string };

export function* transformMessage(rules: SelectedRules, scene: Scene, notes: Notes): Asking<TransformOutcome> {
  const unpacked = unpackArguments(scene, notes);
  if (unpacked.kind === "misfit") return unpacked;
  const start = maskSecrets(dropSupplied(unpacked.scene, rules.supplies));
  if (start.kind === "failed") return { kind: "failed", rule: undefined, reason: start.reason };
  const { otherReading } = start.scene;
  const misfit =
    misspeltArgument(start.scene) ?? schemaMisfit(start.scene) ?? (otherReading && schemaMisfit(otherReading));
  if (misfit !== undefined) return { kind: "misfit", misfit };
  const transforms = rules.isRefused ? rules.transforms.filter((selected) => !asksOthers(selected)) : rules.transforms;
  const done = transforms.length === 0 ? asItWas(start.scene) : yield* applyRules(transforms, start.scene, notes);
  if (done.kind !== "done") return done;
  if (rules.supplies.length === 0) return done;
  const supplied = yield* writeSupplied(done.scene, rules.supplies, notes);
  if ("reason" in supplied) return { kind: "failed", rule: supplied.rule, reason: supplied.reason };
  for (const { rule } of rules.supplies) noteOnce(notes.changedBy, rule.id);
  return { ...done, scene: supplied };
}

const NONE: readonly never[] = [];

function asItWas(scene: Scene): TransformOutcome {
  return { kind: "done", scene, changed: NONE, calls: NONE };
}

function* applyRules(rules: readonly SelectedRule[], scene: Scene, notes: Notes): Asking<TransformOutcome> {
  const applied: SelectedRule[] = [];
  const changed: SelectedRule[] = [];
  const calls: PendingCall[] = [];
  let current = scene;
  for (const selected of rules) {
    const truth = yield* truthOfRule(current, selected, notes);
    if (truth === "no") continue;
    const outcome = yield* applyRule(current, selected, truth, notes);
    if (outcome.kind === "done") calls.push(...callsOf(selected));
    if (!selected.isEnforced) noteShadow(current, outcome, selected, notes);
    else if (outcome.kind === "done") {
      applied.push(selected);
      if (outcome.scene.content === current.content) continue;
      changed.push(selected);
      // What stood elsewhere as a text may stand now where a list or an object is meant.
      const unpacked = unpackArguments(outcome.scene, notes);
      if (unpacked.kind === "misfit") return unpacked;
      current = unpacked.scene;
    } else if (outcome.always || selected.rule.fails !== "open") {
      return { kind: "failed", rule: selected, reason: outcome.reason, module: outcome.module };
    } else noteOnce(notes.failedOpen, selected.rule.id);
  }
  for (const { rule } of changed) noteOnce(notes.changedBy, rule.id);
  const done = redactAgain(applied, changed, current, notes);
  return done.kind === "done" ? { ...done, calls } : done;
}

function* applyRule(scene: Scene, selected: SelectedRule, truth: "yes" | "doubt", notes: Notes): Asking<Transformed> {
  const { transforms } = selected.rule;
  if (truth === "doubt" && !transforms.every(isSafeInDoubt)) return failed("in doubt whether it has to be changed");
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  return guarded(scene, yield* applyTransforms(scene, home, selected, transforms, notes));
}

/** What a later rule wrote may hold what an earlier one had masked. */
function redactAgain(
  applied: readonly SelectedRule[],
  changed: readonly SelectedRule[],
  scene: Scene,
  notes: Notes,
): Exclude<TransformOutcome, { kind: "misfit" }> {
  let current = scene;
  const changedNow = new Set(changed);
  for (const selected of applied) {
    const home = leadingWay(current, selected.match)?.home ?? "body";
    for (const transform of selected.rule.transforms) {
      if (transform.kind !== "redact") continue;
      const outcome = guarded(current, redact(current, home, transform));
      if (outcome.kind === "failed") return { kind: "failed", rule: selected, reason: outcome.reason };
      if (outcome.scene.content === current.content) continue;
      current = outcome.scene;
      changedNow.add(selected);
      noteOnce(notes.changedBy, selected.rule.id);
    }
  }
  return { kind: "done", scene: current, changed: [...changedNow], calls: [] };
}

/** What `supply` wrote into the request does not come back in the reply. */
function maskSecrets(scene: Scene): Transformed {
  let done: Transformed = { kind: "done", scene };
  for (const { pattern, as } of secretMaskings(scene.surroundings.secrets ?? [])) {
    if (done.kind === "failed") return done;
    done = guarded(done.scene, redact(done.scene, "body", { pattern, as, path: undefined }));
  }
  return done;
}

function guarded(before: Scene, outcome: Transformed): Transformed {
  if (outcome.kind === "failed") return outcome;
  const path = changedIdentity(before.content, outcome.scene.content, before.facts);
  if (path === undefined) return outcome;
  return failed(`\`${path}\` identifies the message and may not be changed`);
}

function noteShadow(scene: Scene, outcome: Transformed, selected: SelectedRule, notes: Notes): void {
  const kinds = new Set(selected.rule.transforms.map((transform) => transform.kind));
  if (outcome.kind === "failed") notes.shadow.push({ rule: selected.rule.id, would: "block" });
  else if (outcome.scene.content !== scene.content) {
    notes.shadow.push({ rule: selected.rule.id, would: [...kinds].join(", ") });
  }
}
