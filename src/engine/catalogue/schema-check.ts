// What is advertised is enforced: where a rule changed the schema of a tool, arguments have to fit it.
import { isJsonObject } from "../../mcp/json.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import type { Content } from "../decision.ts";
import { misspeltArgument } from "../transforms/key-case.ts";
import { argumentsOf, isFailedResult, memberAt } from "../natural-body.ts";
import type { Scene } from "../scene.ts";

/** What is wrong with the arguments, for a model to read; `undefined`: they fit, or no rule changed the schema. */
export function schemaMisfit(scene: Scene): string | undefined {
  const { thing } = scene.surroundings;
  if (!thing?.schemaChanged || scene.facts.method !== "tools/call" || scene.facts.kind !== "request") return undefined;
  const schema = thing.definition["inputSchema"];
  const { admits } = scene.revision.policy.tools;
  if (!admits || !isJsonObject(schema)) return "the schema of this tool cannot be checked";
  return admits(schema, argumentsOf(scene.content) ?? {});
}

/**
 * What a module made of a call has to fit as what a client sends does, and what it made of a result as the tool promises,
 * as far as that is known here. What did not fit before is not the module's fault.
 */
export function mutationMisfit(before: Scene, after: Content): string | undefined {
  const changed = before.withContent(after);
  const misfit = misspeltArgument(changed) ?? schemaMisfit(changed) ?? outputMisfit(before, after);
  return misfit === undefined || (misspeltArgument(before) ?? schemaMisfit(before)) !== undefined ? undefined : misfit;
}

function outputMisfit({ facts, surroundings, revision, content }: Scene, after: Content): string | undefined {
  const schema = surroundings.thing?.definition["outputSchema"];
  if (facts.method !== "tools/call" || facts.kind !== "result" || !isJsonObject(schema)) return undefined;
  const value = memberAt(after, STRUCTURED);
  if (isFailedResult(after) || isSameJson(memberAt(content, STRUCTURED), value)) return undefined;
  if (value === undefined) return "`structuredContent` is gone";
  return revision.policy.tools.admits?.(schema, value);
}

const STRUCTURED = ["result", "structuredContent"];
