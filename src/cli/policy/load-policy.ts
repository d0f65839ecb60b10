// A policy for commands that play something on it: read, compiled, indexed, with an evaluator for what it asks.
import type { Asking } from "../../engine/decision.ts";
import { indexPolicy } from "../../engine/index-policy.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { fulfil } from "../../io/answer-needs.ts";
import { createEvaluator } from "../../io/evaluation/evaluator.ts";
import { schemaCheckFor } from "../../io/schema-check.ts";
import type { CompiledPolicy } from "../../language/compiled-policy.ts";
import { diagnosticsAsJson } from "../../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../../source/render.ts";
import { checkedPolicy } from "./checked-policy.ts";
import type { Known, KnownPolicy } from "./known-to-policy.ts";
import { complain, readPolicyFiles, type PolicyFiles } from "./policy-files.ts";

export type LoadedPolicy = (
  | PlayablePolicy
  /** The reason was told on stderr, or is among the diagnostics. */
  | { readonly kind: "none"; readonly problems?: readonly string[] }
) & {
  /** For one JSON document; to people they were told. */
  readonly diagnostics: ReturnType<typeof diagnosticsAsJson>;
};

export interface PlayablePolicy {
  readonly kind: "policy";
  readonly revision: Revision;
  readonly fulfil: <T>(asking: Asking<T>) => Promise<T>;
  /** Ends the evaluator, if one was started. */
  readonly close: () => Promise<void>;
}

/** What is told to people on stderr: everything, only what keeps the policy from being used, or nothing. */
export type Telling = "all" | "errors" | "nothing";

/** With what the lock says, if there is one beside it. */
export async function loadPolicy(
  { paths, known }: Pick<KnownPolicy, "paths" | "known">,
  telling: Telling,
): Promise<LoadedPolicy> {
  return loadSources(await readPolicyFiles(paths, known), telling, known);
}

export async function loadSources(
  files: PolicyFiles,
  telling: Telling,
  known: Pick<Known, "named" | "translation"> = { named: {} },
): Promise<LoadedPolicy> {
  if (files.kind === "none") {
    if (telling !== "nothing") complain(files.reasons, false);
    return { kind: "none", diagnostics: [], problems: files.reasons };
  }
  const { sources, catalogues = [], lock } = files;
  const { policy, translations, diagnostics: found } = await checkedPolicy(files, known);
  const told = found.filter(({ severity }) => telling === "all" || (telling === "errors" && severity === "error"));
  if (told.length > 0) process.stderr.write(`${renderDiagnostics(told, [...sources, ...catalogues])}\n`);
  const diagnostics = diagnosticsAsJson(found, [...sources, ...catalogues]);
  return policy ? { ...(await playable(policy, { lock, translations })), diagnostics } : { kind: "none", diagnostics };
}

/** `lock`: what the servers have, as far as tests do not say it. */
export async function playable(
  policy: CompiledPolicy,
  beside: Pick<Revision, "lock" | "translations">,
): Promise<PlayablePolicy> {
  const evaluator = createEvaluator();
  const indexed = indexPolicy(policy, { admits: await schemaCheckFor(policy) });
  return {
    kind: "policy",
    revision: { id: "unserved", policy: indexed, ...beside },
    fulfil: (asking) => fulfil(asking, evaluator),
    close: () => evaluator.close(),
  };
}
