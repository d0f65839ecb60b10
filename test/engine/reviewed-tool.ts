// A tool as the catalogue review leaves it where no rule is about it.
import type { ReviewedThing } from "../../src/engine/facts.ts";
import type { JsonObject } from "../../src/mcp/json.ts";

export function reviewedTool(inputSchema: JsonObject): ReviewedThing {
  return {
    kind: "tool",
    own: "t",
    listed: true,
    hiddenBy: undefined,
    definition: { name: "t", inputSchema },
    changed: false,
    schemaChanged: false,
    truths: new Map(),
  };
}
