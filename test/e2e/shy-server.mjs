// A legacy server that knows nothing before `initialize`: it ends when it is asked, or, with the argument `silent`, says nothing.
import { argv, exit, stdin, stdout } from "node:process";
import { createInterface } from "node:readline";

let isGreeted = false;

createInterface({ input: stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (method === "initialize") {
    isGreeted = true;
    const { protocolVersion } = params;
    reply(id, { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "shy", version: "1" } });
  } else if (!isGreeted && argv[2] !== "silent") exit(7);
  else if (isGreeted && method === "tools/list")
    reply(id, { tools: [{ name: "hide", inputSchema: { type: "object" } }] });
  else if (isGreeted && method === "tools/call") reply(id, { content: [{ type: "text", text: "hidden" }] });
});
stdin.on("end", () => exit(0));

function reply(id, result) {
  stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
}
