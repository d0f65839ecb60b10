// What leaves for a modern server over HTTP: the headers beside it, and what is known of it, say what its bytes say.
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { modernHeaders } from "../../../src/message/eras/modern-headers.ts";
import { argumentsOf, paramHeaders } from "../../../src/message/eras/param-headers.ts";
import { ALLOW, modern, Stage } from "../stage.ts";

const REGION = { type: "string", "x-mcp-header": "Region" };
const TOOLS = [{ name: "own", inputSchema: { type: "object", properties: { region: REGION } } }];
const PARAM = { name: "mcp-param-region", at: ["region"], isInteger: false };

const RENAME = `${ALLOW}\nrule tool when tool own rename to other\nrule prompt when prompt hi rename to hello`;
const LOOK = `${ALLOW}\nrule look when tools/call * with region "secret"\n  block`;
const CHANGE = `${ALLOW}\nrule change when tools/call own set region = "gr\u00f6\u00dfe"`;

const call = (name: string, region: string): JsonObject => ({ name, arguments: { region } });

test.each([
  ["a call", ALLOW, "tools/call", call("own", "fr"), "own"],
  ["a call with a token", ALLOW, "tools/call", { ...call("own", "fr"), _meta: { progressToken: "t" } }, "own"],
  ["a call under another name", RENAME, "tools/call", call("other", "a b"), "own"],
  ["a call that a rule looks at", LOOK, "tools/call", call("own", "fr"), "own"],
  ["a call that a rule changes", CHANGE, "tools/call", call("own", "fr"), "own"],
  ["a prompt under another name", RENAME, "prompts/get", { name: "hello" }, "hi"],
  ["a resource", ALLOW, "resources/read", { uri: "file:///\u00e9" }, "file:///\u00e9"],
  ["what nobody knows", ALLOW, "own/method", { name: "x" }, "x"],
])("%s", (_, policy, method, params, name) => {
  const script = {
    era: "modern",
    tools: TOOLS,
    prompts: [{ name: "hi" }],
    resources: [{ uri: "file:///\u00e9", name: "e" }],
  } as const;
  const own = { name: "a", root: undefined, home: undefined, transport: "http", era: "modern" } as const;
  const stage = Stage.modern({ policy, servers: { a: script }, options: { servers: [own] } });
  const { _meta: meta, ...rest }: JsonObject = params;
  const bytes = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...modern(1, method, rest, meta as JsonObject) }));
  const sent = stage.dispatcher
    .handle({ kind: "client-message", client: "c", bytes, stream: 7 }, stage.now)
    .flatMap((command) => (command.kind === "to-server" ? [command] : []));
  expect(sent).toHaveLength(1);
  for (const { bytes: pieces, headers, read } of sent) {
    const envelope = readEnvelope(Buffer.concat(pieces), { depth: 64 });
    if (envelope.kind !== "request") throw new Error(envelope.kind);
    const declared = method === "tools/call" ? paramHeaders([PARAM], argumentsOf(envelope)) : {};
    expect(headers).toEqual(modernHeaders(envelope, "2026-07-28", declared));
    expect(read).toMatchObject({ id: envelope.id, method });
    expect(envelope.bytes.toString()).toContain(JSON.stringify(name));
  }
});
