// A policy for commands that play something on it: read, compiled, indexed, with an evaluator for what it asks.
import type { Asking } from "../engine/decision.ts";
import { indexPolicy } from "../engine/index-policy.ts";
import type { Revision } from "../engine/policy-store.ts";
import { fulfil } from "../io/answer-needs.ts";
import { createEvaluator } from "../io/evaluation/evaluator.ts";
import { schemaCheckFor } from "../io/schema-check.ts";
import { compilePolicy } from "../language/compile-policy.ts";
import type { CompiledPolicy } from "../language/compiled-policy.ts";
import { renderDiagnostics } from "../source/render.ts";
import { complain, readPolicyFiles, type PolicyFiles } from "./policy-files.ts";

export type LoadedPolicy =
  | PlayablePolicy
  /** The reason was told on stderr. */
  | { readonly kind: "none" };

export interface PlayablePolicy {
  readonly kind: "policy";
  readonly revision: Revision;
  readonly fulfil: <T>(asking: Asking<T>) => Promise<T>;
  /** Ends the evaluator, if one was started. */
  readonly close: () => Promise<void>;
}

export async function loadPolicy(paths: readonly string[]): Promise<LoadedPolicy> {
  return loadSources(await readPolicyFiles(paths));
}

export async function loadSources(files: PolicyFiles): Promise<LoadedPolicy> {
  if (files.kind === "none") {
    complain(files.reasons);
    return files;
  }
  const { policy, diagnostics } = compilePolicy(files.sources, { now: Date.now() });
  if (diagnostics.length > 0) process.stderr.write(`${renderDiagnostics(diagnostics, files.sources)}\n`);
  return policy ? playable(policy) : { kind: "none" };
}

export async function playable(policy: CompiledPolicy): Promise<PlayablePolicy> {
  const evaluator = createEvaluator();
  return {
    kind: "policy",
    revision: { id: "unserved", policy: indexPolicy(policy, { admits: await schemaCheckFor(policy) }) },
    fulfil: (asking) => fulfil(asking, evaluator),
    close: () => evaluator.close(),
  };
}
