// A host for tests: refuses what would carry a secret from one server to another in one session, and masks secrets on request.
import { createInterface } from "node:readline";

const SECRETS = [/sk_live_[A-Za-z0-9]{16,}/g, /ghp_[A-Za-z0-9]{36}/g, /AKIA[0-9A-Z]{16}/g];
const hooks = [
  { events: ["tools/call"], phase: "request" },
  { events: ["tools/call"], phase: "response" },
];
const list = [{ name: "relay-guard", type: "validation", hooks }];
if (process.env.REDACTS) list.push({ name: "redactor", type: "mutation", hooks: [hooks[1]] });

/** By session: each secret and the server it was read from. */
const read = new Map();

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  const answer = answerTo(method, params);
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`);
});

function answerTo(method, params) {
  if (method === "initialize")
    return { result: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "guard", version: "1" } } };
  if (method === "interceptors/list") return { result: { interceptors: list } };
  if (method !== "interceptor/invoke") return { error: { code: -32601, message: "unknown" } };
  const { name, phase, payload } = params;
  const type = name === "redactor" ? "mutation" : "validation";
  return { result: { interceptor: name, type, phase, ...(type === "mutation" ? redacted(payload) : judged(params)) } };
}

function judged({ phase, payload, context, _meta }) {
  const server = _meta["dev.mcprules/server"];
  const known = read.get(context.sessionId) ?? new Map();
  read.set(context.sessionId, known);
  const found = secretsIn(payload);
  if (phase === "response") {
    for (const secret of found) if (!known.has(secret)) known.set(secret, server);
    return { valid: true };
  }
  const leaked = found.find((secret) => known.has(secret) && known.get(secret) !== server);
  if (leaked === undefined) return { valid: true };
  return {
    valid: false,
    severity: "error",
    messages: [{ message: `a secret of ${known.get(leaked)} may not go to ${server}` }],
  };
}

function redacted(payload) {
  const text = JSON.stringify(payload);
  const masked = SECRETS.reduce((rest, secret) => rest.replaceAll(secret, "[REDACTED]"), text);
  return { modified: masked !== text, payload: JSON.parse(masked) };
}

function secretsIn(payload) {
  const text = JSON.stringify(payload);
  return SECRETS.flatMap((secret) => text.match(secret) ?? []);
}
