// A policy for commands that play something on it: read, compiled, indexed, with an evaluator for what it asks.
import type { Asking } from "../engine/decision.ts";
import { indexPolicy } from "../engine/index-policy.ts";
import type { Revision } from "../engine/policy-store.ts";
import { fulfil } from "../io/answer-needs.ts";
import { createEvaluator } from "../io/evaluation/evaluator.ts";
import { schemaCheckFor } from "../io/schema-check.ts";
import { checkPolicy } from "../inspect/check-policy.ts";
import type { CompileOutcome } from "../language/compile-policy.ts";
import type { CompiledPolicy } from "../language/compiled-policy.ts";
import type { CatalogueLock } from "../mcp/catalogue-lock.ts";
import { renderDiagnostics } from "../source/render.ts";
import { type Known, knownToPolicy } from "./known-to-policy.ts";
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

/** With what the lock says, if there is one beside it. */
export async function loadPolicy(paths: readonly string[]): Promise<LoadedPolicy> {
  const known = await knownToPolicy(paths, undefined);
  return typeof known === "number" ? { kind: "none" } : loadSources(await readPolicyFiles(paths, known.locks));
}

export async function loadSources(files: PolicyFiles): Promise<LoadedPolicy> {
  if (files.kind === "none") {
    complain(files.reasons);
    return files;
  }
  const { sources, lock } = files;
  const { policy, diagnostics } = await checkedPolicy(files, {});
  if (diagnostics.length > 0) process.stderr.write(`${renderDiagnostics(diagnostics, sources)}\n`);
  return policy ? playable(policy, lock) : { kind: "none" };
}

/** `named`: what the settings say. */
export async function checkedPolicy(
  { sources, lock }: Extract<PolicyFiles, { readonly kind: "sources" }>,
  named: Known["named"],
): Promise<CompileOutcome> {
  const evaluator = createEvaluator();
  const asking = checkPolicy(sources, { ...named, now: Date.now(), ...(lock && { lock }) });
  try {
    return await fulfil(asking, evaluator);
  } finally {
    await evaluator.close();
  }
}

/** `lock`: what the servers have, as far as tests do not say it. */
export async function playable(policy: CompiledPolicy, lock: CatalogueLock | undefined): Promise<PlayablePolicy> {
  const evaluator = createEvaluator();
  const indexed = indexPolicy(policy, { admits: await schemaCheckFor(policy) });
  return {
    kind: "policy",
    revision: { id: "unserved", policy: indexed, lock },
    fulfil: (asking) => fulfil(asking, evaluator),
    close: () => evaluator.close(),
  };
}
