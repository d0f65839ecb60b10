// A server without an SDK that does exactly what it is told, the wrong things too. Arguments: the names of its tools.
import { stdin, stdout, stderr, argv, exit } from "node:process";
import { createInterface } from "node:readline";

const tools = argv.length > 2 ? argv.slice(2) : ["echo", "slow", "die", "rubbish", "twice", "silent", "big"];

const ACTIONS = {
  echo: ({ id, params }) => reply(id, text(JSON.stringify(params.arguments ?? null))),
  slow: ({ id, params }) => setTimeout(() => reply(id, text(`after ${params.arguments.ms}`)), params.arguments.ms),
  die: () => exit(3),
  rubbish: ({ id }) => {
    stdout.write('Listening on port 3000 …\n{"half": \n[]\n42\n{"jsonrpc":"2.0","id":"nobody","result":{}}\n\0\xff\n');
    reply(id, text("done"));
  },
  twice: ({ id }) => {
    reply(id, text("one"));
    reply(id, text("two"));
  },
  silent: () => undefined,
  mutter: ({ id, params }) => {
    stderr.write(`${params.arguments.pieces.join("")}\n`);
    reply(id, text("done"));
  },
  big: ({ id, params }) => reply(id, text("x".repeat(params.arguments.bytes))),
};

createInterface({ input: stdin }).on("line", (line) => {
  const message = JSON.parse(line);
  if (message.method === "initialize") {
    const capabilities = { tools: { listChanged: true } };
    reply(message.id, {
      protocolVersion: message.params.protocolVersion,
      capabilities,
      serverInfo: { name: "own", version: "1" },
    });
  } else if (message.method === "tools/list") {
    reply(message.id, {
      tools: tools.map((name) => ({
        name,
        description: `The tool ${name}. It is ours.`,
        inputSchema: { type: "object" },
      })),
    });
  } else if (message.method === "tools/call") {
    (ACTIONS[message.params.name] ?? ACTIONS.echo)(message);
  } else if (message.id !== undefined && message.method !== undefined) {
    stdout.write(
      `${JSON.stringify({ jsonrpc: "2.0", id: message.id, error: { code: -32601, message: "no such method" } })}\n`,
    );
  }
});
stdin.on("end", () => exit(0));

function reply(id, result) {
  stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
}

function text(value) {
  return { content: [{ type: "text", text: value }] };
}
