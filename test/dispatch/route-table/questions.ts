// What servers ask of the client, and tasks, which nobody can ask for.
import { TWO, request, type Row, type Line } from "./row.ts";

export const questions: readonly Row[] = [
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
    name: "tasks do not exist where nobody has them, in either direction",
    lines: [
      ...["tasks/get", "tasks/result", "tasks/cancel"].flatMap((method): Line[] => [
        [
          "client",
          { id: 1, method, params: { taskId: "t" } },
          [["client", { id: 1, error: { code: -32601, message: `\`${method}\` is not available` } }]],
        ],
        [
          "a",
          { id: 1, method, params: { taskId: "t" } },
          [["a", { id: 1, error: { code: -32601, message: `\`${method}\` is not available` } }]],
        ],
      ]),
      [
        "client",
        { id: 1, method: "tasks/list" },
        [["client", { id: 1, error: { code: -32601, message: "no server knows `tasks/list`" } }]],
      ],
      [
        "a",
        { id: 1, method: "tasks/list" },
        [["a", { id: 1, error: { code: -32601, message: "`tasks/list` is not available" } }]],
      ],
      ...["tasks/update", "tasks/new"].map((method): Line => [
        "client",
        { id: 1, method, params: { taskId: "t" } },
        [["client", { id: 1, error: { code: -32601, message: `\`${method}\` is not available` } }]],
      ]),
      ["a", { method: "notifications/tasks/status", params: { taskId: "t" } }, []],
      ["a", { method: "notifications/tasks", params: { taskId: "t" } }, []],
      ["client", { method: "notifications/tasks/status", params: { taskId: "t" } }, []],
      [
        "a",
        { id: 9, method: "elicitation/create", params: { task: { ttl: 1 }, message: "?" } },
        [["client", { id: "$1", method: "elicitation/create", params: { message: "?" } }]],
      ],
    ],
  },
];
