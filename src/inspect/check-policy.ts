// A policy, compiled and checked with all that is known: MCP's schema, the settings, and what the servers had when the lock was written.
import type { Asking } from "../engine/decision.ts";
import { indexPolicy } from "../engine/index-policy.ts";
import type { NamesRequest } from "../engine/names/names.ts";
import { compilePolicy, type CompileContext, type CompileOutcome } from "../language/compile-policy.ts";
import { shownOf } from "../language/shown.ts";
import { hasErrors } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import { checkExposedNames } from "./check-exposed-names.ts";

export interface CheckContext extends CompileContext {
  /** Of the settings; absent: `plain`. */
  readonly naming?: NamesRequest["naming"];
  /** Of the settings: what clients take as a name. */
  readonly names?: NamesRequest["names"];
}

export function* checkPolicy(sources: readonly SourceText[], context: CheckContext): Asking<CompileOutcome> {
  const compiled = compilePolicy(sources, context);
  const { policy } = compiled;
  const { lock, naming = "plain", names, servers, now } = context;
  if (policy === undefined || lock === undefined) return compiled;
  const revision = { id: "checked", policy: indexPolicy(policy) };
  const exposure = { lock, naming, names, now, ...(servers && { servers }) };
  const found = yield* checkExposedNames(revision, sources, exposure);
  const diagnostics = shownOf([...compiled.diagnostics, ...found], sources);
  return { policy: hasErrors(found) ? undefined : policy, diagnostics };
}
