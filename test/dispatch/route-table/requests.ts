// Ids, tokens, cancellations, and methods nobody knows.
import { TWO, request, type Row, type Line } from "./row.ts";

export const requests: readonly Row[] = [
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
