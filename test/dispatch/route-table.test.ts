// Every row of the route table (2025-11-25 and older): each place that carries a name, URI, id, cursor or token, in both directions.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { type Said, type Scene, Stage } from "./stage.ts";

/** Who speaks, what, and what is said because of it. */
type Line = readonly [from: string, message: JsonValue, said: readonly Said[]];

interface Row {
  readonly name: string;
  readonly scene?: Scene;
  readonly lines: readonly Line[];
}

const RENAMES = `default allow
rule short when tool * on b rename to b_*
rule prompts when prompt * on b rename to b_*`;

const SEARCH = { name: "search", inputSchema: { type: "object" } };
const TWO: Scene = {
  policy: RENAMES,
  servers: {
    a: { tools: [SEARCH], prompts: [{ name: "hi" }] },
    b: { tools: [SEARCH], prompts: [{ name: "hi" }] },
  },
};
const GREETING = { uri: "file:///hello.txt", name: "hello" };
const USERS = { uriTemplate: "db://users/{id}", name: "users" };
const URIS: Scene = {
  servers: {
    a: { tools: [SEARCH], resources: [GREETING], resourceTemplates: [USERS] },
    b: { tools: [SEARCH], resources: [GREETING], resourceTemplates: [USERS] },
  },
};
const LOGGERS: Scene = {
  servers: { a: { capabilities: { logging: {} } }, b: { capabilities: { logging: {} } }, c: {} },
};
const APPS = (uri: string): JsonObject => ({
  name: "chart",
  inputSchema: { type: "object" },
  execution: { taskSupport: "optional" },
  _meta: { ui: { resourceUri: uri }, "ui/resourceUri": uri },
});

function request(method: string, params: JsonObject, id: JsonValue = 7): JsonObject {
  return { id, method, params };
}

function play({ scene, lines }: Row): void {
  const stage = Stage.open(scene);
  for (const [from, message, said] of lines) {
    const heard = from === "client" ? stage.client(message) : stage.server(from, message);
    expect(heard, `after ${from} said ${JSON.stringify(message)}`).toEqual(said);
  }
}

const rows: readonly Row[] = [
  {
    name: "tools/list: names mapped, servers merged in the order of the settings",
    scene: TWO,
    lines: [
      [
        "client",
        { id: "l", method: "tools/list" },
        [["client", { id: "l", result: { tools: [SEARCH, { ...SEARCH, name: "b_search" }] } }]],
      ],
    ],
  },
  {
    name: "tools/list: two servers offer one name, so the later gets a prefix",
    scene: { servers: { a: { tools: [SEARCH] }, b: { tools: [SEARCH] } } },
    lines: [
      [
        "client",
        { id: 1, method: "tools/list" },
        [["client", { id: 1, result: { tools: [SEARCH, { ...SEARCH, name: "b__search" }] } }]],
      ],
      [
        "client",
        request("tools/call", { name: "b__search" }),
        [["b", { id: "$1", method: "tools/call", params: { name: "search" } }]],
      ],
    ],
  },
  {
    name: "a cursor that is not ours",
    lines: [
      [
        "client",
        request("tools/list", { cursor: "abc" }),
        [["client", { id: 7, error: { code: -32602, message: "this cursor is not one of ours" } }]],
      ],
    ],
  },
  {
    name: "MCP Apps: both keys of a tool's user interface, and what tasks it supports",
    scene: {
      servers: {
        a: { tools: [APPS("ui://chart")], resources: [{ uri: "ui://chart", name: "chart" }] },
        b: { tools: [APPS("ui://chart")], resources: [{ uri: "ui://chart", name: "chart" }] },
      },
    },
    lines: [
      [
        "client",
        { id: 1, method: "tools/list" },
        [["client", { id: 1, result: { tools: [APPS("ui://chart"), { ...APPS("b+ui://chart"), name: "b__chart" }] } }]],
      ],
    ],
  },
  {
    name: "tools/call: the name inward, arguments and result as they are",
    scene: TWO,
    lines: [
      [
        "client",
        request("tools/call", { name: "b_search", arguments: { q: "b_search" } }),
        [["b", { id: "$1", method: "tools/call", params: { name: "search", arguments: { q: "b_search" } } }]],
      ],
      [
        "b",
        { id: "$1", result: { content: [{ type: "text", text: "search" }], x: { y: [1] } } },
        [["client", { id: 7, result: { content: [{ type: "text", text: "search" }], x: { y: [1] } } }]],
      ],
      [
        "client",
        request("tools/call", { name: "search" }, 8),
        [["a", { id: "$1", method: "tools/call", params: { name: "search" } }]],
      ],
    ],
  },
  {
    name: "tools/call: URIs of links and embedded resources in the result",
    scene: URIS,
    lines: [
      [
        "client",
        request("tools/call", { name: "b__search" }),
        [["b", { id: "$1", method: "tools/call", params: { name: "search" } }]],
      ],
      [
        "b",
        {
          id: "$1",
          result: {
            content: [
              { type: "resource_link", ...GREETING },
              { type: "resource", resource: { uri: "file:///other", text: "x" } },
              { type: "text", text: GREETING.uri },
            ],
          },
        },
        [
          [
            "client",
            {
              id: 7,
              result: {
                content: [
                  { type: "resource_link", ...GREETING, uri: "b+file:///hello.txt" },
                  { type: "resource", resource: { uri: "file:///other", text: "x" } },
                  { type: "text", text: GREETING.uri },
                ],
              },
            },
          ],
        ],
      ],
    ],
  },
  {
    name: "tools/call: a task that is asked for is not asked for, since the proxy offers none",
    lines: [
      [
        "client",
        request("tools/call", { name: "echo", task: { ttl: 1 }, arguments: {} }),
        [["a", { id: "$1", method: "tools/call", params: { name: "echo", arguments: {} } }]],
      ],
    ],
  },
  {
    name: "tools/call: a name nobody has is unknown, after one more look at the servers",
    scene: TWO,
    lines: [
      [
        "client",
        request("tools/call", { name: "nope" }),
        [
          ["a", { id: "$1", method: "tools/list" }],
          ["b", { id: "$1", method: "tools/list" }],
        ],
      ],
      ["a", { id: "$1", result: { tools: [SEARCH] } }, []],
      [
        "b",
        { id: "$1", result: { tools: [SEARCH] } },
        [["client", { id: 7, error: { code: -32602, message: "Unknown tool: nope" } }]],
      ],
    ],
  },
  {
    name: "prompts/list and prompts/get: names mapped both ways",
    scene: TWO,
    lines: [
      [
        "client",
        { id: 1, method: "prompts/list" },
        [["client", { id: 1, result: { prompts: [{ name: "hi" }, { name: "b_hi" }] } }]],
      ],
      [
        "client",
        request("prompts/get", { name: "b_hi", arguments: { to: "you" } }),
        [["b", { id: "$1", method: "prompts/get", params: { name: "hi", arguments: { to: "you" } } }]],
      ],
    ],
  },
  {
    name: "prompts/get: URIs in messages",
    scene: { servers: { a: URIS.servers?.["a"] ?? {}, b: { ...URIS.servers?.["b"], prompts: [{ name: "p" }] } } },
    lines: [
      [
        "client",
        request("prompts/get", { name: "p" }),
        [["b", { id: "$1", method: "prompts/get", params: { name: "p" } }]],
      ],
      [
        "b",
        { id: "$1", result: { messages: [{ role: "user", content: { type: "resource", resource: GREETING } }] } },
        [
          [
            "client",
            {
              id: 7,
              result: {
                messages: [
                  {
                    role: "user",
                    content: { type: "resource", resource: { ...GREETING, uri: "b+file:///hello.txt" } },
                  },
                ],
              },
            },
          ],
        ],
      ],
    ],
  },
  {
    name: "resources/list and resources/templates/list: one URI of two servers",
    scene: URIS,
    lines: [
      [
        "client",
        { id: 1, method: "resources/list" },
        [["client", { id: 1, result: { resources: [GREETING, { ...GREETING, uri: "b+file:///hello.txt" }] } }]],
      ],
      [
        "client",
        { id: 2, method: "resources/templates/list" },
        [["client", { id: 2, result: { resourceTemplates: [USERS, { ...USERS, uriTemplate: "b+db://users/{id}" }] } }]],
      ],
    ],
  },
  {
    name: "resources/read: the URI inward, contents[].uri outward; also through a template",
    scene: URIS,
    lines: [
      [
        "client",
        request("resources/read", { uri: "b+file:///hello.txt" }),
        [["b", { id: "$1", method: "resources/read", params: { uri: "file:///hello.txt" } }]],
      ],
      [
        "b",
        { id: "$1", result: { contents: [{ uri: "file:///hello.txt", text: "x" }] } },
        [["client", { id: 7, result: { contents: [{ uri: "b+file:///hello.txt", text: "x" }] } }]],
      ],
      [
        "client",
        request("resources/read", { uri: "b+db://users/1" }),
        [["b", { id: "$2", method: "resources/read", params: { uri: "db://users/1" } }]],
      ],
      [
        "b",
        { id: "$2", result: { contents: [{ uri: "db://users/1", text: "x" }] } },
        [["client", { id: 7, result: { contents: [{ uri: "b+db://users/1", text: "x" }] } }]],
      ],
      [
        "client",
        request("resources/read", { uri: "db://users/1" }),
        [["a", { id: "$1", method: "resources/read", params: { uri: "db://users/1" } }]],
      ],
    ],
  },
  {
    name: "resources/read: a URI that was handed out belongs to who handed it out",
    scene: URIS,
    lines: [
      [
        "client",
        request("tools/call", { name: "b__search" }),
        [["b", { id: "$1", method: "tools/call", params: { name: "search" } }]],
      ],
      [
        "b",
        { id: "$1", result: { content: [{ type: "resource_link", uri: "temp:1", name: "t" }] } },
        [["client", { id: 7, result: { content: [{ type: "resource_link", uri: "temp:1", name: "t" }] } }]],
      ],
      [
        "client",
        request("resources/read", { uri: "temp:1" }),
        [["b", { id: "$2", method: "resources/read", params: { uri: "temp:1" } }]],
      ],
      [
        "client",
        request("resources/read", { uri: "temp:2" }),
        [["client", { id: 7, error: { code: -32002, message: "Resource not found", data: { uri: "temp:2" } } }]],
      ],
    ],
  },
  {
    name: "resources/read: the only server with resources gets what nobody lists",
    scene: { servers: { a: {}, b: { resources: [] } } },
    lines: [
      [
        "client",
        request("resources/read", { uri: "x:1" }),
        [["b", { id: "$1", method: "resources/read", params: { uri: "x:1" } }]],
      ],
    ],
  },
  {
    name: "resources/subscribe, updated, unsubscribe: mapped, and delivered to who subscribed",
    scene: URIS,
    lines: [
      ["b", { method: "notifications/resources/updated", params: { uri: "file:///hello.txt" } }, []],
      [
        "client",
        request("resources/subscribe", { uri: "b+file:///hello.txt" }),
        [["b", { id: "$1", method: "resources/subscribe", params: { uri: "file:///hello.txt" } }]],
      ],
      ["b", { id: "$1", result: {} }, [["client", { id: 7, result: {} }]]],
      [
        "b",
        { method: "notifications/resources/updated", params: { uri: "file:///hello.txt", title: "x" } },
        [["client", { method: "notifications/resources/updated", params: { uri: "b+file:///hello.txt", title: "x" } }]],
      ],
      ["a", { method: "notifications/resources/updated", params: { uri: "file:///hello.txt" } }, []],
      [
        "client",
        request("resources/unsubscribe", { uri: "b+file:///hello.txt" }),
        [["b", { id: "$2", method: "resources/unsubscribe", params: { uri: "file:///hello.txt" } }]],
      ],
      ["b", { id: "$2", result: {} }, [["client", { id: 7, result: {} }]]],
      ["b", { method: "notifications/resources/updated", params: { uri: "file:///hello.txt" } }, []],
    ],
  },
  {
    name: "resources/subscribe: one that fails is none",
    scene: URIS,
    lines: [
      [
        "client",
        request("resources/subscribe", { uri: "file:///hello.txt" }),
        [["a", { id: "$1", method: "resources/subscribe", params: { uri: "file:///hello.txt" } }]],
      ],
      [
        "a",
        { id: "$1", error: { code: -32000, message: "no" } },
        [["client", { id: 7, error: { code: -32000, message: "no" } }]],
      ],
      ["a", { method: "notifications/resources/updated", params: { uri: "file:///hello.txt" } }, []],
    ],
  },
  {
    name: "completion/complete: by prompt, by template, unknown",
    scene: { ...TWO, servers: { ...TWO.servers, c: { resources: [], resourceTemplates: [USERS] } } },
    lines: [
      [
        "client",
        request("completion/complete", {
          ref: { type: "ref/prompt", name: "b_hi" },
          argument: { name: "to", value: "y" },
          context: { arguments: { a: "b_hi" } },
        }),
        [
          [
            "b",
            {
              id: "$1",
              method: "completion/complete",
              params: {
                ref: { type: "ref/prompt", name: "hi" },
                argument: { name: "to", value: "y" },
                context: { arguments: { a: "b_hi" } },
              },
            },
          ],
        ],
      ],
      [
        "b",
        { id: "$1", result: { completion: { values: ["hi"] } } },
        [["client", { id: 7, result: { completion: { values: ["hi"] } } }]],
      ],
      [
        "client",
        request("completion/complete", { ref: { type: "ref/resource", uri: "db://users/{id}" } }),
        [
          [
            "c",
            {
              id: "$1",
              method: "completion/complete",
              params: { ref: { type: "ref/resource", uri: "db://users/{id}" } },
            },
          ],
        ],
      ],
      [
        "client",
        request("completion/complete", { ref: { type: "ref/prompt", name: "hm" } }),
        [["client", { id: 7, error: { code: -32602, message: "Unknown prompt: hm" } }]],
      ],
      [
        "client",
        request("completion/complete", { ref: { type: "ref/x" } }),
        [
          [
            "client",
            {
              id: 7,
              error: { code: -32602, message: "`completion/complete` needs a `ref` to a prompt or a resource" },
            },
          ],
        ],
      ],
    ],
  },
  {
    name: "logging/setLevel: to every server that logs, one answer",
    scene: LOGGERS,
    lines: [
      [
        "client",
        request("logging/setLevel", { level: "warning" }),
        [
          ["a", { id: "$1", method: "logging/setLevel", params: { level: "warning" } }],
          ["b", { id: "$1", method: "logging/setLevel", params: { level: "warning" } }],
        ],
      ],
      ["a", { id: "$1", error: { code: -32603, message: "no" } }, []],
      ["b", { id: "$1", result: {} }, [["client", { id: 7, result: {} }]]],
      ["a", { method: "notifications/message", params: { level: "info", logger: "x", data: 1 } }, []],
      [
        "a",
        { method: "notifications/message", params: { level: "error", logger: "x", data: 1 } },
        [["client", { method: "notifications/message", params: { level: "error", logger: "x", data: 1 } }]],
      ],
      [
        "a",
        { method: "notifications/message", params: { level: "loud", data: 1 } },
        [["client", { method: "notifications/message", params: { level: "loud", data: 1 } }]],
      ],
    ],
  },
  {
    name: "logging/setLevel: nobody logs",
    lines: [
      [
        "client",
        request("logging/setLevel", { level: "info" }),
        [["client", { id: 7, error: { code: -32601, message: "no server logs" } }]],
      ],
    ],
  },
  {
    name: "progress of a client's request, under its own token",
    lines: [
      [
        "client",
        request("tools/call", { name: "echo", _meta: { progressToken: "tok", x: 1 } }),
        [["a", { id: "$1", method: "tools/call", params: { name: "echo", _meta: { progressToken: "$1", x: 1 } } }]],
      ],
      [
        "a",
        { method: "notifications/progress", params: { progressToken: "$1", progress: 1, total: 2, message: "m" } },
        [
          [
            "client",
            { method: "notifications/progress", params: { progressToken: "tok", progress: 1, total: 2, message: "m" } },
          ],
        ],
      ],
      ["a", { method: "notifications/progress", params: { progressToken: "other", progress: 1 } }, []],
      ["a", { id: "$1", result: {} }, [["client", { id: 7, result: {} }]]],
      ["a", { method: "notifications/progress", params: { progressToken: "$1", progress: 2 } }, []],
    ],
  },
  {
    name: "progress of a server's request, under its own token",
    lines: [
      [
        "a",
        { id: 1, method: "sampling/createMessage", params: { messages: [], _meta: { progressToken: 99 } } },
        [
          [
            "client",
            { id: "$1", method: "sampling/createMessage", params: { messages: [], _meta: { progressToken: "$1" } } },
          ],
        ],
      ],
      [
        "client",
        { method: "notifications/progress", params: { progressToken: "$1", progress: 1 } },
        [["a", { method: "notifications/progress", params: { progressToken: 99, progress: 1 } }]],
      ],
    ],
  },
  {
    name: "a client's cancellation, under the id the server knows; a late reply is dropped",
    lines: [
      [
        "client",
        request("tools/call", { name: "echo" }),
        [["a", { id: "$1", method: "tools/call", params: { name: "echo" } }]],
      ],
      [
        "client",
        { method: "notifications/cancelled", params: { requestId: 7, reason: "r" } },
        [["a", { method: "notifications/cancelled", params: { requestId: "$1", reason: "r" } }]],
      ],
      ["a", { id: "$1", result: {} }, []],
      ["client", { method: "notifications/cancelled", params: { requestId: 7 } }, []],
    ],
  },
  {
    name: "a server's cancellation, under the id the client knows; a late reply is dropped",
    lines: [
      [
        "a",
        { id: "s", method: "elicitation/create", params: { message: "?" } },
        [["client", { id: "$1", method: "elicitation/create", params: { message: "?" } }]],
      ],
      [
        "a",
        { method: "notifications/cancelled", params: { requestId: "s" } },
        [["client", { method: "notifications/cancelled", params: { requestId: "$1" } }]],
      ],
      ["client", { id: "$1", result: { action: "accept" } }, []],
    ],
  },
  {
    name: "ids: the exact type and value come back",
    lines: [
      [
        "client",
        request("tools/call", { name: "echo" }, "1"),
        [["a", { id: "$1", method: "tools/call", params: { name: "echo" } }]],
      ],
      [
        "client",
        request("tools/call", { name: "echo" }, 1),
        [["a", { id: "$2", method: "tools/call", params: { name: "echo" } }]],
      ],
      ["a", { id: "$2", result: { second: true } }, [["client", { id: 1, result: { second: true } }]]],
      ["a", { id: "$1", result: { first: true } }, [["client", { id: "1", result: { first: true } }]]],
    ],
  },
  {
    name: "a server's requests: to the client under our id, the answer back under its own",
    scene: TWO,
    lines: [
      ["a", { id: 0, method: "roots/list" }, [["client", { id: "$1", method: "roots/list" }]]],
      ["b", { id: 0, method: "roots/list" }, [["client", { id: "$2", method: "roots/list" }]]],
      [
        "client",
        { id: "$2", result: { roots: [{ uri: "file:///b" }] } },
        [["b", { id: 0, result: { roots: [{ uri: "file:///b" }] } }]],
      ],
      [
        "client",
        { id: "$1", error: { code: -1, message: "no" } },
        [["a", { id: 0, error: { code: -1, message: "no" } }]],
      ],
    ],
  },
  {
    name: "a server's request the client cannot answer is answered by the proxy",
    scene: { client: { capabilities: {} } },
    lines: [
      [
        "a",
        { id: 5, method: "sampling/createMessage", params: {} },
        [["a", { id: 5, error: { code: -32601, message: "the client does not support sampling" } }]],
      ],
      [
        "a",
        { id: 6, method: "elicitation/create", params: {} },
        [["a", { id: 6, error: { code: -32601, message: "the client does not support elicitation" } }]],
      ],
      [
        "a",
        { id: 7, method: "roots/list" },
        [["a", { id: 7, error: { code: -32601, message: "the client does not support roots" } }]],
      ],
      ["a", { id: 8, method: "acme/ask" }, [["client", { id: "$1", method: "acme/ask" }]]],
    ],
  },
  {
    name: "sampling: the server's own tools keep their names; `thisServer` would mean all of them",
    scene: TWO,
    lines: [
      [
        "b",
        {
          id: 1,
          method: "sampling/createMessage",
          params: {
            includeContext: "thisServer",
            tools: [{ name: "search" }],
            messages: [{ content: { type: "tool_use", name: "search" } }],
          },
        },
        [
          [
            "client",
            {
              id: "$1",
              method: "sampling/createMessage",
              params: {
                includeContext: "none",
                tools: [{ name: "search" }],
                messages: [{ content: { type: "tool_use", name: "search" } }],
              },
            },
          ],
        ],
      ],
      [
        "b",
        { id: 2, method: "sampling/createMessage", params: { includeContext: "allServers" } },
        [["client", { id: "$2", method: "sampling/createMessage", params: { includeContext: "allServers" } }]],
      ],
    ],
  },
  {
    name: "elicitation ids of two servers stay apart, in requests, completions and errors",
    scene: TWO,
    lines: [
      [
        "a",
        { id: 1, method: "elicitation/create", params: { mode: "url", elicitationId: "e", url: "https://x" } },
        [
          [
            "client",
            { id: "$1", method: "elicitation/create", params: { mode: "url", elicitationId: "e", url: "https://x" } },
          ],
        ],
      ],
      [
        "b",
        { id: 1, method: "elicitation/create", params: { mode: "url", elicitationId: "e", url: "https://y" } },
        [
          [
            "client",
            { id: "$2", method: "elicitation/create", params: { mode: "url", elicitationId: "b+e", url: "https://y" } },
          ],
        ],
      ],
      [
        "b",
        { method: "notifications/elicitation/complete", params: { elicitationId: "e" } },
        [["client", { method: "notifications/elicitation/complete", params: { elicitationId: "b+e" } }]],
      ],
      [
        "a",
        { method: "notifications/elicitation/complete", params: { elicitationId: "e" } },
        [["client", { method: "notifications/elicitation/complete", params: { elicitationId: "e" } }]],
      ],
      [
        "client",
        request("tools/call", { name: "b_search" }),
        [["b", { id: "$1", method: "tools/call", params: { name: "search" } }]],
      ],
      [
        "b",
        {
          id: "$1",
          error: {
            code: -32042,
            message: "m",
            data: { elicitations: [{ mode: "url", elicitationId: "e", url: "u" }, 3] },
          },
        },
        [
          [
            "client",
            {
              id: 7,
              error: {
                code: -32042,
                message: "m",
                data: { elicitations: [{ mode: "url", elicitationId: "b+e", url: "u" }, 3] },
              },
            },
          ],
        ],
      ],
    ],
  },
  {
    name: "tasks do not exist here, in either direction",
    scene: { servers: { a: { capabilities: { tasks: {} } } } },
    lines: [
      ...["tasks/get", "tasks/result", "tasks/list", "tasks/cancel"].flatMap((method): Line[] => [
        [
          "client",
          { id: 1, method },
          [["client", { id: 1, error: { code: -32601, message: `\`${method}\` is not available` } }]],
        ],
        [
          "a",
          { id: 1, method },
          [["a", { id: 1, error: { code: -32601, message: `\`${method}\` is not available` } }]],
        ],
      ]),
      ["a", { method: "notifications/tasks/status", params: { taskId: "t" } }, []],
      ["client", { method: "notifications/tasks/status", params: { taskId: "t" } }, []],
      [
        "a",
        { id: 9, method: "elicitation/create", params: { task: { ttl: 1 }, message: "?" } },
        [["client", { id: "$1", method: "elicitation/create", params: { message: "?" } }]],
      ],
    ],
  },
  {
    name: "ping is answered by the proxy on each side",
    lines: [
      ["client", { id: 1, method: "ping" }, [["client", { id: 1, result: {} }]]],
      ["a", { id: "p", method: "ping" }, [["a", { id: "p", result: {} }]]],
    ],
  },
  {
    name: "roots/list_changed and unknown notifications reach every server",
    scene: TWO,
    lines: ["notifications/roots/list_changed", "acme/happened"].map((method): Line => [
      "client",
      { method, params: { x: 1 } },
      [
        ["a", { method, params: { x: 1 } }],
        ["b", { method, params: { x: 1 } }],
      ],
    ]),
  },
  {
    name: "unknown notifications of a server reach the client",
    lines: [
      ["a", { method: "acme/happened", params: { x: 1 } }, [["client", { method: "acme/happened", params: { x: 1 } }]]],
    ],
  },
  {
    name: "an unknown request goes from server to server until one knows it",
    scene: TWO,
    lines: [
      ["client", request("acme/do", { x: 1 }), [["a", { id: "$1", method: "acme/do", params: { x: 1 } }]]],
      [
        "a",
        { id: "$1", error: { code: -32601, message: "what?" } },
        [["b", { id: "$1", method: "acme/do", params: { x: 1 } }]],
      ],
      ["b", { id: "$1", result: { done: true } }, [["client", { id: 7, result: { done: true } }]]],
      ["client", request("acme/not", {}), [["a", { id: "$2", method: "acme/not", params: {} }]]],
      [
        "a",
        { id: "$2", error: { code: -32601, message: "what?" } },
        [["b", { id: "$2", method: "acme/not", params: {} }]],
      ],
      [
        "b",
        { id: "$2", error: { code: -32601, message: "what?" } },
        [["client", { id: 7, error: { code: -32601, message: "what?" } }]],
      ],
    ],
  },
  {
    name: "an unknown request goes to a single server as it is, and so does its answer",
    lines: [
      [
        "client",
        request("acme/do", { name: "x", uri: "y" }),
        [["a", { id: "$1", method: "acme/do", params: { name: "x", uri: "y" } }]],
      ],
      [
        "a",
        { id: "$1", error: { code: 1, message: "m", data: [1] } },
        [["client", { id: 7, error: { code: 1, message: "m", data: [1] } }]],
      ],
    ],
  },
  {
    name: "trace context and unknown metadata go along, both ways",
    lines: [
      [
        "client",
        request("tools/call", { name: "echo", _meta: { traceparent: "00-1", "com.acme/x": 1 } }),
        [
          [
            "a",
            {
              id: "$1",
              method: "tools/call",
              params: { name: "echo", _meta: { traceparent: "00-1", "com.acme/x": 1 } },
            },
          ],
        ],
      ],
      [
        "a",
        { id: "$1", result: { _meta: { "com.acme/y": 2 } } },
        [["client", { id: 7, result: { _meta: { "com.acme/y": 2 } } }]],
      ],
    ],
  },
];

describe("the route table", () => {
  test.each(rows.map((row) => [row.name, row] as const))("%s", (_name, row) => play(row));
});
