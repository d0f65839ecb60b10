// A validator over HTTP, with Node alone: weighs what in a result speaks to the model rather than to the reader.
import { createServer } from "node:http";

/** What it looks for, and how much it weighs. */
const SIGNS = [
  [
    "it asks to forget instructions",
    3,
    /\b(?:ignore|disregard|forget)\b.{0,40}\b(?:previous|prior|above|earlier|all)\b.{0,40}\b(?:instructions?|rules|prompts?)\b/is,
  ],
  [
    "it speaks to an assistant",
    2,
    /\b(?:you are now|as an ai|dear (?:assistant|model|ai)|system prompt|new instructions?:)/i,
  ],
  [
    "it wants it kept from the user",
    3,
    /\b(?:do not|don't|never) (?:tell|inform|mention|show)\b.{0,30}\b(?:user|human|anyone)\b/is,
  ],
  [
    "it wants something sent away",
    2,
    /\b(?:send|post|forward|upload|exfiltrate)\b.{0,60}(?:https?:\/\/|\bto\b.{0,20}@)/is,
  ],
  ["it wants a tool called", 1, /\b(?:call|use|invoke|run)\b.{0,20}\b(?:tool|function)\b/i],
  ["it plays a role", 2, /^\s*(?:system|assistant|developer)\s*:/im],
  ["it is hidden", 3, /[\u{E0000}-\u{E007F}]|[\u200B\u2060\u2066-\u2069]{3,}/u],
];

const INTERCEPTOR = {
  name: "injection",
  version: "1.0.0",
  description: "Refuses results that read like instructions to the model.",
  type: "validation",
  hooks: [{ events: ["tools/call", "resources/read", "prompts/get"], phase: "response" }],
  configSchema: {
    type: "object",
    properties: { threshold: { type: "number", description: "Weight from which it refuses. Default 4." } },
  },
};

function invoke({ name, phase, payload, config = {} }) {
  if (name !== INTERCEPTOR.name) throw Object.assign(new Error("unknown interceptor"), { code: -32602 });
  const threshold = config.threshold ?? 4;
  const found = [...texts(payload)].flatMap(({ path, text }) => weigh(path, text));
  const weight = found.reduce((sum, sign) => sum + sign.weight, 0);
  const echo = { interceptor: name, type: "validation", phase, info: { weight } };
  if (weight === 0) return { ...echo, valid: true };
  const severity = weight >= threshold ? "error" : "warn";
  return { ...echo, valid: false, severity, messages: found.map(({ path, message }) => ({ path, message, severity })) };
}

function weigh(path, text) {
  return SIGNS.filter(([, , sign]) => sign.test(text)).map(([message, weight]) => ({ path, message, weight }));
}

function* texts(value, path = "") {
  if (typeof value === "string") yield { path, text: value.slice(0, 100_000) };
  else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) yield* texts(member, path === "" ? key : `${path}.${key}`);
  }
}

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: "2025-11-25",
        capabilities: {},
        serverInfo: { name: "injection-heuristic", version: "1.0.0" },
      };
    case "interceptors/list":
      return { interceptors: [INTERCEPTOR] };
    case "interceptor/invoke":
      return invoke(params);
    default:
      throw Object.assign(new Error(`no ${method}`), { code: -32601 });
  }
}

const TOKEN = process.env.TOKEN;

const server = createServer(async (request, response) => {
  if (request.method !== "POST") return response.writeHead(405).end();
  if (TOKEN !== undefined && request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const message = JSON.parse(Buffer.concat(chunks).toString());
  if (message.id === undefined) return response.writeHead(202).end();
  const reply = { jsonrpc: "2.0", id: message.id };
  try {
    reply.result = answer(message);
  } catch (error) {
    reply.error = { code: error.code ?? -32603, message: error.message };
  }
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
});

server.listen(Number(process.env.PORT ?? 8790), "127.0.0.1", () => {
  process.stdout.write(`listening at http://127.0.0.1:${server.address().port}/mcp\n`);
});
