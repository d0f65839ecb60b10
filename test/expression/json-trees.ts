// JSON in which paths of `a`, `b`, `[0]`, `[1]` and `[*]` often lead somewhere.
import * as fc from "fast-check";
import type { JsonValue } from "../../src/mcp/json.ts";

export const rooted = fc.letrec<{ node: JsonValue }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<JsonValue>(1, "x", null),
    fc.array(tie("node"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "c"), tie("node"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).node;
