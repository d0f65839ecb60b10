// The least that can stand behind an HTTP proxy: an MCP server of either era that answers with bytes made before, and parses nothing.
import { createServer } from "node:http";

const era = process.argv[2] ?? "legacy";
const ID = Buffer.from('"id":');
const text = (value) =>
  `{"content":[{"type":"text","text":"${value}"}]${era === "modern" ? ',"resultType":"complete"' : ""}}`;
const info = '"serverInfo":{"name":"bench","version":"1.0.0"}';
const toolOf = (name) => `{"name":"${name}","inputSchema":{"type":"object"}}`;
const caching = era === "modern" ? ',"ttlMs":600000,"cacheScope":"public","resultType":"complete"' : "";
const ANSWERS = [
  ["tenMegabytes", text("x".repeat(10_000_000))],
  ['"tools/call"', text("ok")],
  ['"initialize"', `{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},${info}}`],
  ['"server/discover"', `{"supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},${info}${caching}}`],
  ['"tools/list"', `{"tools":[${["echo", "tenMegabytes"].map(toolOf).join(",")}]${caching}}`],
].map(([mark, result]) => ({ mark: Buffer.from(mark), tail: Buffer.from(`,"result":${result}}`) }));
const UNKNOWN = Buffer.from(',"error":{"code":-32601,"message":"Method not found"}}');

const server = createServer((request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  let body = Buffer.alloc(0);
  request.on("data", (chunk) => {
    body = body.length === 0 ? chunk : Buffer.concat([body, chunk]);
  });
  request.on("end", () => answer(body, response));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(server.address().port));

function answer(body, response) {
  const id = idOf(body);
  if (id === undefined) return response.writeHead(202).end();
  const isForeign = body.includes(era === "modern" ? '"initialize"' : '"server/discover"');
  const tail = isForeign ? UNKNOWN : (ANSWERS.find(({ mark }) => body.includes(mark))?.tail ?? UNKNOWN);
  const head = Buffer.from(`{"jsonrpc":"2.0","id":${id}`);
  const session = body.includes('"initialize"') ? { "mcp-session-id": "bench" } : {};
  response.writeHead(200, {
    "content-type": "application/json",
    "content-length": head.length + tail.length,
    ...session,
  });
  response.write(head);
  return response.end(tail);
}

/** Ids here are numbers, or strings without `,` and `}`. A notification has none. */
function idOf(body) {
  const at = body.indexOf(ID);
  if (at === -1) return undefined;
  let end = at + ID.length;
  while (body[end] !== 0x2c && body[end] !== 0x7d) end++;
  return body.toString("latin1", at + ID.length, end);
}
