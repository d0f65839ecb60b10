// Invariant 7: every outcome has a record that names revision, rule and reason; secrets never reach one.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/mcp/json.ts";
import { hello, Stage } from "../dispatch/stage.ts";
import { KEY, MASK, say, tool } from "./lines.ts";
import { call } from "../tool-call.ts";

const POLICY = `default allow
rule gone "not for you" when tool "hidden" block
rule args when tools/call echo with no block "because of {no}"
rule reply when result of tools/call echo containing "bad" block "a bad reply"
rule fail when tools/call echo with fail set deep.x = params.arguments.absent
rule here when tools/call echo with here answer "from the proxy"
rule quiet when notifications/message block
rule ask when sampling/createMessage block "no sampling"
rule few when tools/call echo with few limit 1 per 1m else block "slowly" as error
rule keep when tools/call echo with kept cache for 1m
rule change when tools/call echo with change set change = 2`;

describe("every outcome is recorded:", () => {
  const outcome = (...[verdict, rule, reason]: readonly (string | undefined)[]): object => ({
    revision: "r1",
    verdict,
    rule,
    reason,
  });

  test.each<readonly [string, (stage: Stage) => unknown, object]>([
    ["what is allowed", (stage) => stage.client(call(1)), outcome("allow", "default")],
    ["what is blocked", (stage) => stage.client(call(1, { no: "x" })), outcome("block", "args", "because of x")],
    [
      "what is hidden",
      (stage) => stage.client(call(1, {}, { name: "hidden" })),
      outcome("block", "gone", "this tool is hidden"),
    ],
    ["what fails", (stage) => stage.client(call(1, { fail: 1 })), { revision: "r1", verdict: "block", rule: "fail" }],
    ["what is answered", (stage) => stage.client(call(1, { here: 1 })), { revision: "r1", verdict: "allow" }],
    [
      "what is over a limit",
      (stage) => [stage.client(call(1, { few: 1 })), stage.remembers({ kind: "over", index: 0, retryAfterMs: 1000 })],
      { ...outcome("block", "few", "slowly. Try again in 1 s."), over: "few", retryAfterMs: 1000 },
    ],
    [
      "what nobody could count",
      (stage) => [stage.client(call(1, { few: 1 })), stage.remembers({ kind: "failed", reason: "it is gone" })],
      { ...outcome("block", "few"), reason: expect.stringContaining("it is gone") as unknown },
    ],
    [
      "what is looked for in the cache",
      (stage) => [stage.client(call(1, { kept: 1 })), stage.remembers({ kind: "recalled", value: undefined })],
      { ...outcome("allow", "default"), cache: "miss" },
    ],
    ["what is changed", (stage) => stage.client(call(1, { change: 1 })), { revision: "r1", changedBy: ["change"] }],
    [
      "what is dropped",
      (stage) => stage.server("a", { method: "notifications/message", params: { level: "info", data: 1 } }),
      { ...outcome("drop", "quiet"), reason: expect.any(String) as unknown },
    ],
    [
      "a question that is refused",
      (stage) => stage.server("a", { id: 1, method: "sampling/createMessage", params: {} }),
      outcome("block", "ask", "no sampling"),
    ],
    [
      "a reply that is refused",
      (stage) => [stage.client(call(1)), stage.server("a", { id: "$1", result: { x: "bad" } })],
      outcome("block", "reply", "a bad reply"),
    ],
  ])("%s", (_what, play, record) => {
    const stage = Stage.open({ policy: POLICY, servers: { a: { tools: [tool("echo"), tool("hidden")] } } });
    play(stage);
    const known = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
    expect(stage.records().at(-1)).toMatchObject(known);
  });
});

/** Whatever the proxy said to anybody or wrote down. */
function everything(stage: Stage, said: unknown): string {
  return JSON.stringify([said, stage.records(), stage.reports(), stage.others]);
}

describe("a secret is nowhere, neither in what is sent nor in what is written down, when it stands in", () => {
  const request = (params: JsonObject): JsonObject => ({
    id: 1,
    method: "tools/call",
    params: { name: "echo", ...params },
  });
  const escaped = `\\u0041${KEY.slice(1)}`;

  test.each<readonly [string, (stage: Stage) => unknown]>([
    ["an argument", (stage) => stage.client(call(1, { a: { [KEY]: [KEY] } }))],
    ["`_meta`", (stage) => stage.client(request({ _meta: { k: KEY } }))],
    [
      "an escape",
      (stage) =>
        say(
          stage,
          "client",
          `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"a":"${escaped}"}}}`,
        ),
    ],
    ["JSON in a text", (stage) => stage.client(call(1, { a: JSON.stringify({ b: JSON.stringify([KEY]) }) }))],
    ["a name nobody has", (stage) => stage.play("a", stage.client(call(1, {}, { name: KEY })))],
    ["a URI nobody has", (stage) => stage.client({ id: 1, method: "resources/read", params: { uri: `m://${KEY}` } })],
    [
      "a key that stands twice",
      (stage) => say(stage, "client", `{"jsonrpc":"2.0","id":1,"method":"x","params":{"${KEY}":1,"${KEY}":2}}`),
    ],
    [
      "a key that stands twice in a reply",
      (stage) => [
        stage.client(call(1)),
        say(stage, "a", `{"jsonrpc":"2.0","id":3,"result":{},"x":{"${KEY}":1,"${KEY}":2}}`),
      ],
    ],
    [
      "a result",
      (stage) => [
        stage.client(call(1)),
        stage.server("a", {
          id: "$1",
          result: { content: [{ type: "text", text: KEY }], structuredContent: { [KEY]: KEY } },
        }),
      ],
    ],
    [
      "an error",
      (stage) => [
        stage.client(call(1)),
        stage.server("a", { id: "$1", error: { code: 1, message: KEY, data: [KEY] } }),
      ],
    ],
    [
      "a log message",
      (stage) =>
        stage.server("a", { method: "notifications/message", params: { level: "info", data: KEY, logger: KEY } }),
    ],
    [
      "progress",
      (stage) => [
        stage.client(request({ _meta: { progressToken: 1 } })),
        stage.server("a", {
          method: "notifications/progress",
          params: { progressToken: "$1", progress: 1, message: KEY },
        }),
      ],
    ],
    ["a question", (stage) => stage.server("a", { id: 1, method: "elicitation/create", params: { message: KEY } })],
    [
      "the failure of a list",
      (stage) => [
        stage.server("a", { method: "notifications/tools/list_changed" }),
        say(stage, "a", `{"jsonrpc":"2.0","id":3,"error":{"code":1,"message":"${KEY}"}}`),
      ],
    ],
    [
      "a definition",
      (stage) => [
        stage.server("a", { method: "notifications/tools/list_changed" }),
        say(
          stage,
          "a",
          `{"jsonrpc":"2.0","id":3,"result":{"tools":[{"name":"x","description":"${KEY}","inputSchema":{"${KEY}":1}}],"_meta":{"k":"${KEY}"}}}`,
        ),
        stage.client({ id: 1, method: "tools/list" }),
      ],
    ],
    ["the reason of a death", (stage) => [stage.client(call(1)), stage.drop("a", KEY), stage.client(call(2))]],
  ])("%s", (_what, play) => {
    const stage = Stage.open({ policy: `${MASK}\nrule note when message log "{params} {result} {error} {name}"` });
    const said = play(stage);
    expect(everything(stage, said)).not.toContain(KEY);
    expect(everything(stage, said)).toContain("***");
  });

  test("a method, in the record of it", () => {
    const stage = Stage.open({ policy: MASK });
    stage.server("a", { method: `acme/${KEY}`, params: {} });
    expect(stage.records()).toMatchObject([{ method: "acme/***" }]);
  });

  test("what a server says in its handshake", () => {
    const stage = new Stage({ policy: MASK, servers: { a: {}, b: { instructions: KEY } } });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.client(hello({ clientInfo: { name: KEY, version: "1" } }));
    stage.happen({ kind: "server-opened", client: "c", server: "a" });
    const said = [say(stage, "a", `{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"${KEY}"}}`), stage.raise("b")];
    stage.client({ method: "notifications/initialized" });
    const later = stage.play("b", stage.client(call(2, {}, { name: "nobody" })));
    expect(JSON.stringify([said, later, stage.records(), stage.reports()])).not.toContain(KEY);
    expect(stage.reports()).toEqual(["it refused the handshake: ***"]);
  });
});
