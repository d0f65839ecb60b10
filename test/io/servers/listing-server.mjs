// A small server for surveys: what it lists, how it behaves while it is asked, and what it is told, as its environment says.
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const { TOOLS = "[]", HABIT = "", HEARD, NAME = "listing", VERSION = "1.0.0" } = process.env;
const tools = JSON.parse(TOOLS);
let isKnown = false;

function say(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
}

function toolsNow() {
  return HABIT === "adds" && !isKnown ? [] : tools;
}

const ANSWERS = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: { listChanged: true } },
    serverInfo: { name: NAME, version: VERSION },
  }),
  "tools/list": ({ cursor } = {}) => {
    if (HABIT !== "pages") return { tools: toolsNow() };
    const at = Number(cursor ?? 0);
    return { tools: tools.slice(at, at + 1), ...(at + 1 < tools.length && { nextCursor: String(at + 1) }) };
  },
};

const QUESTIONS = [
  { id: "roots", method: "roots/list" },
  { id: "ping", method: "ping" },
  { id: "model", method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } },
  {
    id: "form",
    method: "elicitation/create",
    params: { message: "?", requestedSchema: { type: "object", properties: {} } },
  },
];

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (HEARD !== undefined) appendFileSync(HEARD, `${line}\n`);
  if (method === "initialize" && HABIT === "mute") return;
  if (method === "initialize" && HABIT === "refuses") return say({ id, error: { code: 1, message: "not you" } });
  if (method === "tools/list" && HABIT === "fails") return say({ id, error: { code: -32603, message: "no database" } });
  if (method === "tools/list" && HABIT === "dies") process.exit(7);
  if (method === "notifications/initialized" && HABIT === "asks") for (const question of QUESTIONS) say(question);
  if (method === "notifications/initialized" && HABIT === "adds") {
    setTimeout(() => {
      isKnown = true;
      say({ method: "notifications/tools/list_changed" });
    }, 200);
  }
  if (id === undefined || method === undefined) return;
  const answer = ANSWERS[method];
  say(answer ? { id, result: answer(params) } : { id, error: { code: -32601, message: "no such method" } });
});

if (HABIT === "speaks") process.stderr.write("one\ntwo\n");
