// What an approval is bound to: whatever could make another action of it changes the digest, and nothing else does.
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import type { Scene } from "../stage.ts";
import { ASKS, Talk } from "./ask-talk.ts";

const PLOT = { era: "legacy", serverEra: "legacy", channel: "queue" } as const;

function digest(params: string, scene: Scene = {}): string {
  const talk = new Talk(PLOT, scene);
  talk.stage.happen({
    kind: "client-message",
    client: "c",
    bytes: Buffer.from(`{"jsonrpc":"2.0","id":9,"method":"tools/call","params":${params}}`),
  });
  return talk.stage.dispatcher.questions()[0]?.digest ?? "nothing was asked";
}

const PARAMS = '{"name":"echo","arguments":{"n":1,"m":{"a":1,"b":[1,2]}}}';

test.each([
  ["the order of keys", '{"arguments":{"m":{"b":[1,2],"a":1},"n":1},"name":"echo"}'],
  ["blanks", PARAMS.replaceAll(",", " , ")],
  ["how a text is escaped", PARAMS.replace("echo", String.raw`\u0065cho`)],
  ["the progress token", `${PARAMS.slice(0, -1)},"_meta":{"progressToken":7}}`],
  ["traces", `${PARAMS.slice(0, -1)},"_meta":{"traceparent":"x","tracestate":"y","baggage":"z"}}`],
  ["what a client says of itself", `${PARAMS.slice(0, -1)},"_meta":{"io.modelcontextprotocol/logLevel":"info"}}`],
])("%s does not matter", (_what, params) => {
  expect(digest(params)).toBe(digest(PARAMS));
});

test.each([
  ["another argument", PARAMS.replace('"n":1', '"n":2')],
  ["one more argument", PARAMS.replace('"n":1', '"n":1,"o":1')],
  ["a number that is written otherwise", PARAMS.replace('"n":1', '"n":1.0')],
  ["a number that no double holds", PARAMS.replace('"n":1', '"n":9007199254740993')],
  ["the order of a list", PARAMS.replace("[1,2]", "[2,1]")],
  ["another key of `_meta`", `${PARAMS.slice(0, -1)},"_meta":{"x":1}}`],
  ["a progress token among the arguments", PARAMS.replace('"n":1', '"n":1,"_meta":{"progressToken":7}')],
])("%s matters", (_what, params) => {
  expect(digest(params)).not.toBe(digest(PARAMS));
});

test("integers beyond 2^53 are told apart", () => {
  const big = PARAMS.replace('"n":1', '"n":9007199254740993');
  expect(digest(big)).not.toBe(digest(big.replace("993", "992")));
});

const TOOLS: readonly JsonObject[] = [{ name: "echo", inputSchema: { type: "object" } }];
const ADA = { user: { id: "ada", groups: [], claims: {} }, profile: undefined };

test.each<readonly [string, Scene]>([
  ["the server", { servers: { b: { tools: TOOLS } } }],
  ["who asks", { who: ADA, options: { token: () => "AAAAAAAAAAAAAAAAAAAAAA" } }],
  ["the text", { policy: ASKS.replace("Really", "Truly") }],
  ["the rules", { policy: `${ASKS}\nrule also when tools/call * ask "Really {params.arguments.n}?"` }],
])("%s matters", (_what, scene) => {
  const options = { token: () => "AAAAAAAAAAAAAAAAAAAAAA", ...scene.options };
  expect(digest(PARAMS, { ...scene, options: { ...options } })).not.toBe(digest(PARAMS));
});
