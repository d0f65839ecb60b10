// A tool that takes a list, an object, texts, and what may be either; and what is decided of a call of it.
import type { Decision } from "../../src/engine/decision.ts";
import type { ReviewedThing } from "../../src/engine/facts.ts";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { call, decision, NOWHERE, revisionOf } from "./policy.ts";
import { reviewedTool } from "./reviewed-tool.ts";

const TOOL: JsonObject = {
  type: "object",
  properties: {
    files: { type: "array", items: { type: "string" } },
    filter: { $ref: "#/$defs/Filter" },
    maybe: { anyOf: [{ type: "array", items: {} }, { type: "null" }], default: null },
    note: { type: "string" },
    either: { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
    any: {},
    count: { type: "integer" },
  },
  $defs: { Filter: { type: "object", properties: { amount: { type: "number" } } } },
};

export function thing(inputSchema: JsonObject = TOOL): ReviewedThing {
  return reviewedTool(inputSchema);
}

export function decided(rules: string, args: JsonValue, reviewed = thing()): Decision {
  return decision(revisionOf(`default allow ${rules}`), call("t", args), { ...NOWHERE, thing: reviewed });
}

/** A rule that looks inside, and does nothing. */
export const LOOKS = "rule r when tools/call t containing sesame block";
