// Tools, prompts and what is completed: names mapped both ways.
import { SEARCH, TWO, GREETING, USERS, URIS, APPS, request, type Row } from "./row.ts";

export const things: readonly Row[] = [
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
];
