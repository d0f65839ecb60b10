// Arguments of tools that stand in HTTP headers too: what is refused, what goes to a server, and which tools nobody sees.
import { expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import type { Event } from "../../../src/dispatch/event.ts";
import { modern, type Said, type Scene, type ServerScript, Stage } from "../stage.ts";

const schema = (header: JsonValue): JsonObject => ({
  type: "object",
  properties: { region: { type: "string", "x-mcp-header": header } },
});
const GOOD = { name: "good", inputSchema: schema("Region") };
const BROKEN = { name: "broken", inputSchema: schema("no header") };
const SERVER: ServerScript = { era: "modern", tools: [GOOD, BROKEN] };

function scene(transport: "http" | "stdio"): Scene {
  const own = { name: "a", root: undefined, home: undefined, transport, era: "modern" } as const;
  return { servers: { a: SERVER }, options: { servers: [own] } };
}

function callEvent(params: JsonObject, headers?: Record<string, string>): Event {
  const bytes = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...modern(1, "tools/call", params) }));
  return { kind: "client-message", client: "c", bytes, stream: 7, headers };
}

const FRANCE = { name: "good", arguments: { region: "fr" } };

test.each([
  ["the header says the same", FRANCE, { "mcp-param-region": "fr" }, true],
  ["the header says the same in base64", FRANCE, { "mcp-param-region": "=?base64?ZnI=?=" }, true],
  ["the header is missing", FRANCE, {}, false],
  ["the header says something else", FRANCE, { "mcp-param-region": "de" }, false],
  ["nothing is said anywhere", { name: "good", arguments: {} }, {}, true],
  ["it did not come over HTTP", FRANCE, undefined, true],
])("a call goes on or is refused: %s", (_, params, headers, goes) => {
  const stage = Stage.modern(scene("http"));
  const [[to, message] = []] = stage.happen(callEvent(params, headers));
  // What is refused for its headers comes before no rule.
  expect(stage.records()).toHaveLength(goes ? 1 : 0);
  expect([to, message]).toMatchObject(
    goes ? ["a", { method: "tools/call" }] : ["client", { error: { code: -32_020 } }],
  );
});

test("what goes to the server is said again in headers made from what the rules left", () => {
  const stage = Stage.modern({
    ...scene("http"),
    policy: 'default allow\nrule change when tools/call good set region = "größe"\n',
  });
  const commands = stage.dispatcher.handle(callEvent(FRANCE, { "mcp-param-region": "fr" }), stage.now);
  expect(commands.filter(({ kind }) => kind === "to-server")).toMatchObject([
    {
      kind: "to-server",
      headers: {
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": "tools/call",
        "mcp-name": "good",
        "mcp-param-region": "=?base64?Z3LDtsOfZQ==?=",
      },
    },
  ]);
});

test.each([
  ["http", ["good"], [expect.stringMatching(/^the tool `broken` is hidden: its `x-mcp-header` "no header" cannot be/)]],
  ["stdio", ["good", "broken"], []],
] as const)("a tool that asks for a header that is none, of a server over %s", (transport, shown, reports) => {
  const stage = new Stage(scene(transport));
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  stage.raise("a");
  stage.play("a", stage.client(modern("hello", "server/discover")));
  expect(stage.reports()).toEqual(reports);
  const [[, answer] = []] = stage.client(modern(1, "tools/list"));
  expect(answer).toMatchObject({ result: { tools: shown.map((name) => ({ name })) } });
});

const MISMATCH = { id: "$1", error: { code: -32_020, message: "no" } };

/** What it is asked and told once it has not taken the headers of a call. */
function afterMismatch(stage: Stage, tools: readonly JsonObject[]): readonly Said[] {
  stage.happen(callEvent({ name: "good", arguments: { region: "fr", zone: "z" } }, { "mcp-param-region": "fr" }));
  const [listing] = stage.server("a", MISMATCH);
  expect(listing).toMatchObject(["a", { method: "tools/list" }]);
  return stage.server("a", { id: "$2", result: { tools, resultType: "complete", ttlMs: 0, cacheScope: "private" } });
}

test("a server that does not take the headers of a call is asked for its tools, and called once more", () => {
  const stage = Stage.modern(scene("http"));
  const other = {
    name: "good",
    inputSchema: { type: "object", properties: { zone: { type: "string", "x-mcp-header": "Zone" } } },
  };
  // The client's own headers are of the tool as it knew it.
  expect(afterMismatch(stage, [GOOD])).toContainEqual(["a", expect.objectContaining({ method: "tools/call" })]);
  expect(stage.server("a", { ...MISMATCH, id: "$3" })).toMatchObject([["client", { error: { code: -32_020 } }]]);
  expect(afterMismatch(Stage.modern(scene("http")), [other])).toContainEqual([
    "client",
    expect.objectContaining({ id: 1 }),
  ]);
});
