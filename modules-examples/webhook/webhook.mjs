// A validator over stdio that asks your own service: one POST a message, and its answer decides. For what speaks no MCP.
import { createHmac } from "node:crypto";
import { createInterface } from "node:readline";

const { WEBHOOK_URL, WEBHOOK_SECRET = "" } = process.env;
if (WEBHOOK_URL === undefined) throw new Error("WEBHOOK_URL is not set");

const INTERCEPTOR = {
  name: "webhook",
  version: "1.0.0",
  description: 'Asks a service of yours: 204 or {"allow": true} lets it pass, anything else does not.',
  type: "validation",
  hooks: [{ events: ["*", "mcprules/*"], phase: "request" }],
};

async function invoke({ name, event, phase, payload, context, timeoutMs = 2000, config = {} }) {
  const body = JSON.stringify({
    event,
    payload,
    user: context?.principal?.id ?? null,
    at: context?.timestamp,
    ...config,
  });
  const signature = createHmac("sha256", WEBHOOK_SECRET).update(body).digest("hex");
  const response = await fetch(WEBHOOK_URL, {
    method: "POST",
    redirect: "error",
    headers: { "content-type": "application/json", "x-signature": `sha256=${signature}` },
    body,
    signal: AbortSignal.timeout(timeoutMs),
  });
  const said = response.status === 204 ? { allow: true } : await response.json();
  const echo = { interceptor: name, type: "validation", phase };
  if (response.ok && said.allow === true) return { ...echo, valid: true };
  if (response.status >= 500) throw new Error(`the service answers ${response.status}`);
  const message = typeof said.reason === "string" ? said.reason : "the service refuses it";
  return {
    ...echo,
    valid: false,
    severity: "error",
    messages: [{ message }],
    ...(said.ask === true ? { info: { "dev.mcprules/verdict": "ask" } } : {}),
  };
}

async function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "webhook", version: "1.0.0" } };
    case "interceptors/list":
      return { interceptors: [INTERCEPTOR] };
    case "interceptor/invoke":
      return invoke(params);
    default:
      throw Object.assign(new Error(`no ${method}`), { code: -32601 });
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const message = JSON.parse(line);
  if (message.id === undefined || message.method === undefined) return;
  const reply = { jsonrpc: "2.0", id: message.id };
  try {
    reply.result = await answer(message);
  } catch (error) {
    reply.error = {
      code: error.code ?? -32603,
      message: String(error.message),
      data: { reason: error.name === "TimeoutError" ? "timeout" : "failed" },
    };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
});
