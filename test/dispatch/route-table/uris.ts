// Resources, and everything else that happens on a URI or a log level.
import { SEARCH, GREETING, USERS, URIS, LOGGERS, request, type Row } from "./row.ts";

export const uris: readonly Row[] = [
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
    name: "resources/read: a URI that another server lists is told apart where it is handed out",
    scene: { servers: { a: { resources: [GREETING] }, b: { tools: [SEARCH], resources: [] } } },
    lines: [
      [
        "client",
        request("tools/call", { name: "search" }),
        [["b", { id: "$1", method: "tools/call", params: { name: "search" } }]],
      ],
      [
        "b",
        { id: "$1", result: { content: [{ type: "resource_link", ...GREETING }] } },
        [
          [
            "client",
            { id: 7, result: { content: [{ type: "resource_link", ...GREETING, uri: "b+file:///hello.txt" }] } },
          ],
        ],
      ],
      [
        "client",
        request("resources/read", { uri: "b+file:///hello.txt" }),
        [["b", { id: "$2", method: "resources/read", params: { uri: "file:///hello.txt" } }]],
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
];
