// What is advertised is enforced: where a rule changed the schema of a tool, arguments have to fit it.
import { isJsonObject } from "../mcp/json.ts";
import { memberAt } from "./natural-body.ts";
import type { Scene } from "./scene.ts";

/** What is wrong with the arguments, for a model to read; `undefined`: they fit, or no rule changed the schema. */
export function schemaMisfit(scene: Scene): string | undefined {
  const { thing } = scene.surroundings;
  if (!thing?.schemaChanged || scene.facts.method !== "tools/call" || scene.facts.kind !== "request") return undefined;
  const schema = thing.definition["inputSchema"];
  const { admits } = scene.revision.policy.tools;
  if (!admits || !isJsonObject(schema)) return "the schema of this tool cannot be checked";
  return admits(schema, memberAt(scene.content, ["params", "arguments"]) ?? {});
}
