// A host of interceptors for tests, over stdio or HTTP: what it offers and how it misbehaves is said in its environment.
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as later } from "node:timers/promises";

/** `{"era": "legacy" | "modern", "list": […], "answers": {NAME: answer}, "log": FILE}`. */
const script = JSON.parse(process.env.SCRIPT ?? "{}");
const { era = "legacy", list = [], answers = {} } = script;

/** Whole messages out, in any order; `say` writes raw text. */
async function answerTo(message, say) {
  const { id, method, params } = message;
  if (id === undefined) {
    if (method === "notifications/cancelled") process.stderr.write(`cancelled ${params.requestId}\n`);
    return;
  }
  const result = (value) => say(JSON.stringify({ jsonrpc: "2.0", id, result: value }));
  const error = (code, text, data) => say(JSON.stringify({ jsonrpc: "2.0", id, error: { code, message: text, data } }));
  if (method === "server/discover" && era === "modern")
    return result({ resultType: "complete", supportedVersions: ["2026-07-28"], capabilities: {} });
  if (method === "server/discover" && script.diesWhenProbed) process.exit(3);
  if (method === "initialize")
    return result({ protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "host", version: "1" } });
  if (method === "interceptors/list")
    return script.listError ? error(script.listError, "no") : result({ interceptors: list });
  if (method === "interceptor/invoke" || method === "interceptors/invoke")
    return invoke(message, { result, error, say });
  return error(-32601, `no ${method}`);
}

async function invoke({ id, method, params }, { result, error, say }) {
  const answer = answers[params.name] ?? {};
  process.stderr.write(`invoke ${params.name}\n`);
  if (answer.expectMethod && answer.expectMethod !== method) return error(-32601, `no ${method}`);
  if (answer.sleepMs) await later(answer.sleepMs);
  if (answer.never) return;
  if (answer.dies) process.exit(9);
  if (answer.garbage) return say("this is no JSON");
  if (answer.raw) return say(answer.raw.replaceAll("ID", id));
  if (answer.error) return error(answer.error.code, answer.error.message ?? "failed", answer.error.data);
  if (answer.bytes)
    return result({
      interceptor: params.name,
      type: "mutation",
      phase: params.phase,
      modified: true,
      payload: { x: "x".repeat(answer.bytes) },
    });
  const type = list.find(({ name }) => name === params.name)?.type ?? "validation";
  const echo = { interceptor: params.name, type, phase: params.phase };
  if (answer.result) return result({ ...echo, ...answer.result });
  if (answer.append) return result({ ...echo, modified: true, payload: appended(params.payload, answer.append) });
  if (answer.replace)
    return result({
      ...echo,
      modified: true,
      payload: JSON.parse(JSON.stringify(params.payload).replaceAll(answer.replace[0], answer.replace[1])),
    });
  if (answer.report) return result({ ...echo, valid: false, messages: [{ message: JSON.stringify(params) }] });
  return type === "validation"
    ? result({ ...echo, valid: true })
    : result({ ...echo, modified: false, payload: params.payload });
}

/** Onto a trail in the arguments, so that the order shows. */
function appended(payload, text) {
  const { params } = payload;
  return {
    ...payload,
    params: { ...params, arguments: { ...params.arguments, trail: `${params.arguments?.trail ?? ""}${text}` } },
  };
}

if (process.env.PORT === undefined) {
  const say = (text) => process.stdout.write(`${text}\n`);
  createInterface({ input: process.stdin }).on("line", (line) => void answerTo(JSON.parse(line), say));
  if (script.changesAfterMs) {
    setTimeout(() => {
      list.push(...script.added);
      say(JSON.stringify({ jsonrpc: "2.0", method: "notifications/interceptors/list_changed" }));
    }, script.changesAfterMs);
  }
} else {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => {
      if (script.redirects) return response.writeHead(307, { location: "http://127.0.0.1:1/" }).end();
      if (request.method !== "POST") return response.writeHead(405).end();
      const body = Buffer.concat(chunks).toString();
      if (script.showsHeaders) process.stderr.write(`${JSON.stringify({ headers: request.headers, body })}\n`);
      const message = JSON.parse(body);
      if (message.id === undefined) return void later(script.hearsAfterMs ?? 0).then(() => hear(message, response));
      const say = (text) => {
        response.writeHead(200, { "content-type": script.streams ? "text/event-stream" : "application/json" });
        response.end(script.streams ? `data: ${text}\n\n` : text);
      };
      if (script.isStrict && !isReady && message.method === "interceptors/list")
        return response.writeHead(400).end("asked before its client was ready");
      void answerTo(message, say);
    });
  });
  let isReady = false;
  const hear = ({ method }, response) => {
    isReady ||= method === "notifications/initialized";
    response.writeHead(202).end();
  };
  server.listen(Number(process.env.PORT), "127.0.0.1", () => process.stdout.write(`${server.address().port}\n`));
}
