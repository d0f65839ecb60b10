// What is told of messages besides what happens to them: when they came, what they hold, and what became of requests that are traced.
import { describe, expect, test } from "vitest";
import type { TracedRequest, Tracing } from "../../../src/dispatch/observing/tracing.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { asked, type Scene, Stage } from "../stage.ts";
import { call } from "../../tool-call.ts";

/** What records say of when their messages came. */
function arrivals(stage: Stage): readonly (number | undefined)[] {
  return stage.others.flatMap((command) => (command.kind === "record" ? [command.arrived] : []));
}

describe("a record says when its message came", () => {
  const waits = `default allow\nrule r when tools/call echo or notifications/roots/list_changed ${asked("true")} log "x"`;

  test("at once", () => {
    const stage = Stage.open();
    stage.now = 1000;
    stage.client(call(7, {}));
    expect(arrivals(stage)).toEqual([1000]);
  });

  test("also when an answer was waited for", () => {
    const stage = Stage.open({ policy: waits });
    stage.now = 1000;
    stage.client(call(7, {}));
    stage.now = 5000;
    stage.answer(true);
    expect(arrivals(stage)).toEqual([1000]);
  });

  test("also when it waited for one before it", () => {
    const stage = Stage.open({ policy: waits });
    stage.now = 1000;
    stage.client({ method: "notifications/roots/list_changed", params: { n: 1 } });
    stage.now = 2000;
    stage.client({ method: "notifications/roots/list_changed", params: { n: 2 } });
    stage.now = 5000;
    stage.answer(true);
    stage.now = 6000;
    stage.answer(true);
    expect(arrivals(stage)).toEqual([1000, 2000]);
  });
});

describe("whole messages", () => {
  const policy = `default allow
    rule cap when tools/call echo with limit > 5 set limit = 5
    rule short when tool echo rename to e
    rule hidden when tool gone block
    rule floor when tools/call echo with limit < 0 set limit = 0
    rule no when tools/call echo with limit < 1 block`;
  const servers = { a: { tools: ["echo", "gone"].map((name) => ({ name, inputSchema: {} })) } };

  function logged(scene: Scene, ...messages: readonly JsonObject[]) {
    const stage = Stage.open({ policy, servers, ...scene });
    for (const message of messages) stage.client(message);
    return stage.others.flatMap((command) => (command.kind === "record" ? [command.message] : []));
  }

  const named = (name: string, args: JsonObject): JsonObject => ({
    id: "x",
    method: "tools/call",
    params: { name, arguments: args },
  });

  test("come with records where somebody logs them, in the server's own names", () => {
    const [message] = logged({ options: { logsMessages: true } }, named("e", { limit: 9 }));
    expect(message).toMatchObject({ session: "c" });
    expect(message?.id()).toBe("x");
    expect(message?.content()).toEqual({
      message: { params: { name: "echo", arguments: { limit: 9 } } },
      sent: { params: { name: "echo", arguments: { limit: 5 } } },
    });
  });

  test("were not sent where they are refused", () => {
    const [message] = logged({ options: { logsMessages: true } }, named("e", { limit: -1 }));
    expect(message?.content()).toEqual({ message: { params: { name: "echo", arguments: { limit: -1 } } } });
  });

  test("come also with what is refused because nobody is shown it", () => {
    const [message] = logged({ options: { logsMessages: true } }, named("gone", { a: 1 }));
    expect(message?.content()).toEqual({ message: { params: { name: "gone", arguments: { a: 1 } } } });
  });

  test("are whole where nobody had to read them", () => {
    const scene = { policy: 'default allow\nrule no when tools/call echo with text "*drop-table*" block' };
    const [message] = logged({ ...scene, options: { logsMessages: true } }, named("echo", { text: "select" }));
    expect(message?.content()).toEqual({ message: { params: { name: "echo", arguments: { text: "select" } } } });
  });

  test("are nowhere where nobody logs them", () => {
    expect(logged({}, named("e", {}), named("gone", {}))).toEqual([undefined, undefined]);
  });
});

describe("a request that is traced", () => {
  /** Spans are numbered, and everything they are told is written down. */
  function recorder() {
    const told: unknown[] = [];
    const begun: TracedRequest[] = [];
    const tracing: Tracing = {
      begin: (request) => {
        begun.push(request);
        return {
          judged: ({ verdict }) => told.push(verdict),
          sent: () => ({ traceparent: `span-${begun.length}` }),
          replied: (isToolError) => told.push(isToolError ? "tool error" : "reply"),
          end: (outcome) => told.push(outcome),
        };
      },
    };
    return { told, begun, tracing };
  }

  const PARENT = { traceparent: "parent", tracestate: "state", other: 1 };

  test("says whose span it is below, and the server hears of ours", () => {
    const { told, begun, tracing } = recorder();
    const stage = Stage.open({ options: { tracing } });
    begun.length = 0;
    expect(stage.client(call(7, {}, { _meta: PARENT }))).toMatchObject([
      ["a", { params: { _meta: { traceparent: "span-1", tracestate: "state", other: 1 } } }],
    ]);
    expect(begun).toEqual([
      {
        session: "c",
        method: "tools/call",
        name: "echo",
        thing: "tool",
        from: "client",
        server: "a",
        id: "7",
        keys: { traceparent: "parent", tracestate: "state" },
      },
    ]);
    stage.server("a", { id: "$1", result: { content: [] } });
    expect(told).toEqual(["allow", "reply", { kind: "result" }]);
  });

  test("has keys where it had none, and params where it had none", () => {
    const { tracing } = recorder();
    const stage = Stage.open({ options: { tracing } });
    expect(stage.client(call(7, {}))).toMatchObject([["a", { params: { _meta: { traceparent: "span-1" } } }]]);
    expect(stage.client({ id: 8, method: "unheard/of" })).toMatchObject([
      ["a", { params: { _meta: { traceparent: "span-2" } } }],
    ]);
  });

  test("has them also where a rule changed it", () => {
    const { tracing } = recorder();
    const stage = Stage.open({ policy: "default allow rule r when tools/call echo set a = 1", options: { tracing } });
    expect(stage.client(call(7, {}, { _meta: PARENT }))).toMatchObject([
      ["a", { params: { arguments: { a: 1 }, _meta: { traceparent: "span-1", tracestate: "state", other: 1 } } }],
    ]);
  });

  test.each([
    ["fails", { error: { code: -32000, message: "no" } }, ["reply", { kind: "error", code: -32000 }]],
    ["is an error of the tool", { result: { content: [], isError: true } }, ["tool error", { kind: "result" }]],
  ])("ends as it does when it %s", (_how, reply, end) => {
    const { told, tracing } = recorder();
    const stage = Stage.open({ options: { tracing } });
    stage.client(call(7, {}));
    stage.server("a", { id: "$1", ...reply });
    expect(told).toEqual(["allow", ...end]);
  });

  test("ends when it is refused, cancelled, or lost with its server; once", () => {
    const { told, tracing } = recorder();
    const policy = "default allow rule no when tools/call echo with a 1 block";
    const stage = Stage.open({ policy, options: { tracing } });
    stage.client(call(7, { a: 1 }));
    stage.client(call(8, {}));
    stage.client({ method: "notifications/cancelled", params: { requestId: 8 } });
    stage.server("a", { id: "$1", result: { content: [] } });
    stage.client(call(9, {}));
    stage.drop("a");
    expect(told).toEqual([
      "block",
      { kind: "result" },
      "allow",
      { kind: "cancelled" },
      "allow",
      "reply",
      { kind: "error", code: 5030 },
    ]);
  });

  test("is not traced where nobody does, and its keys pass", () => {
    const stage = Stage.open();
    expect(stage.client(call(7, {}, { _meta: PARENT }))).toMatchObject([["a", { params: { _meta: PARENT } }]]);
  });
});
