// What one server lists over stdio, byte for byte: asked line by line, and read without parsing and writing JSON again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Method → the member of its result that holds the things. */
export const LISTS = {
  "tools/list": "tools",
  "prompts/list": "prompts",
  "resources/list": "resources",
  "resources/templates/list": "resourceTemplates",
};

const PATIENCE_MS = 30_000;
const CAPABILITIES = { sampling: {}, elicitation: { form: {}, url: {} }, roots: { listChanged: true } };

/** Resolves with a map from method to the entries of the list as texts, or to the error that came instead. */
export async function listsOf({ command, args, env }, cwd) {
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "ignore"] });
  const line = speakTo(child);
  try {
    const clientInfo = { name: "lists", version: "1.0.0" };
    await line.ask("initialize", { protocolVersion: "2025-11-25", capabilities: CAPABILITIES, clientInfo });
    line.say({ method: "notifications/initialized" });
    const lists = {};
    for (const [method, member] of Object.entries(LISTS)) lists[method] = await wholeList(line, method, member);
    return lists;
  } finally {
    child.stdin.end();
    const ended = once(child, "close");
    setTimeout(() => child.kill("SIGKILL"), 5000).unref();
    await ended;
  }
}

async function wholeList(line, method, member) {
  const entries = [];
  let cursor;
  do {
    const text = await line.ask(method, cursor === undefined ? {} : { cursor });
    const { error, result } = JSON.parse(text);
    if (error !== undefined) return [`error ${error.code}`];
    entries.push(...entriesIn(text, member));
    cursor = result.nextCursor;
  } while (cursor !== undefined);
  return entries;
}

/** Asks with ids of its own; answers what a server asks with as little as can be. */
function speakTo(child) {
  const waiting = new Map();
  const say = (message) => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  createInterface({ input: child.stdout }).on("line", (text) => {
    const { id, method } = JSON.parse(text);
    if (method === undefined) waiting.get(id)?.resolve(text);
    else if (id !== undefined) say({ id, result: method === "roots/list" ? { roots: [] } : {} });
  });
  child.stdin.on("error", () => undefined);
  child.on("close", () => {
    for (const { reject, method } of waiting.values()) reject(new Error(`the server ended before ${method}`));
  });
  let last = 0;
  const ask = (method, params) => {
    last += 1;
    const id = last;
    return new Promise((resolve, reject) => {
      waiting.set(id, { resolve, reject, method });
      setTimeout(() => reject(new Error(`no answer to ${method}`)), PATIENCE_MS).unref();
      say({ id, method, params });
    });
  };
  return { ask, say };
}

/** The texts of the entries of `"member":[…]` in the result. The first such member is it: names before it are MCP's. */
function entriesIn(text, member) {
  const key = `"${member}":[`;
  const entries = [];
  let at = text.indexOf(key) + key.length;
  for (let from = at, depth = 0; ; at = afterOne(text, at)) {
    const sign = text[at];
    if (depth === 0 && (sign === "," || sign === "]")) {
      if (at > from) entries.push(text.slice(from, at));
      if (sign === "]") return entries;
      from = at + 1;
    } else if (sign === "{" || sign === "[") depth += 1;
    else if (sign === "}" || sign === "]") depth -= 1;
  }
}

/** One sign further, or behind a whole string. */
function afterOne(text, at) {
  if (text[at] !== '"') return at + 1;
  let end = at + 1;
  while (text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
  return end + 1;
}
