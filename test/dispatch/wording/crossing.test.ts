// What a server is told of who asks is what that very request says of him, after the rules, whoever asked the same way before.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { ALLOW, modern, Stage } from "../stage.ts";

const PREFIX = "io.modelcontextprotocol/";
const RENAMED = `${ALLOW}\nrule other when initialize set clientInfo.title = "seen"`;

const said = fc.record({
  server: fc.constantFrom("old", "new"),
  name: fc.constantFrom("a", "b"),
  capabilities: fc.constantFrom({}, { sampling: {} }),
  level: fc.constantFrom(undefined, "info", "error"),
  token: fc.constantFrom(undefined, "t"),
});
/** Ids of ours serve as tokens. */
const ANY_ID: unknown = expect.any(String);

type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;

function metaOf({ name, capabilities, level, token }: Said): JsonObject {
  return {
    [`${PREFIX}clientInfo`]: { name },
    [`${PREFIX}clientCapabilities`]: capabilities,
    ...(level === undefined ? {} : { [`${PREFIX}logLevel`]: level }),
    ...(token === undefined ? {} : { progressToken: token }),
  };
}

/** As the server should have it. `title`: what a rule gives all who ask. */
function expectedOf({ server, name, capabilities, level, token }: Said, title: object): object | undefined {
  const tokens = token === undefined ? {} : { progressToken: ANY_ID };
  if (server === "old") return token === undefined ? undefined : tokens;
  return {
    [`${PREFIX}protocolVersion`]: "2026-07-28",
    [`${PREFIX}clientInfo`]: { name, ...title },
    [`${PREFIX}clientCapabilities`]: capabilities,
    ...(level === undefined ? {} : { [`${PREFIX}logLevel`]: level }),
    ...tokens,
  };
}

test.each([
  ["no rule", ALLOW, {}],
  ["a rule that changes what is said", RENAMED, { title: "seen" }],
])("with %s", (_, policy, title) => {
  const servers = {
    old: { tools: [{ name: "at-old", inputSchema: {} }] },
    new: { era: "modern", tools: [{ name: "at-new", inputSchema: {} }] },
  } as const;
  fc.assert(
    fc.property(fc.array(said, { minLength: 2, maxLength: 20 }), (requests) => {
      const stage = Stage.modern({ policy, servers });
      for (const [id, request] of requests.entries()) {
        const { server } = request;
        const sent = stage.client(modern(id, "tools/call", { name: `at-${server}` }, metaOf(request)));
        const expected = expectedOf(request, title);
        const params = { name: `at-${server}`, ...(expected === undefined ? {} : { _meta: expected }) };
        expect(sent).toContainEqual([server, expect.objectContaining({ method: "tools/call", params })]);
      }
    }),
    { numRuns: 60 },
  );
});
