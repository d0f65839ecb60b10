// A server over HTTP whose every answer a test can choose, and a connection to it with all that happens written down.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import type { HttpServer } from "../../../src/io/settings/settings.ts";
import { connectServer } from "../../../src/io/upstream/http-server.ts";
import { HttpPool } from "../../../src/io/upstream/http-pool.ts";
import { until } from "../../until.ts";
import { textOfBody } from "../../text-of-body.ts";

export interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly name?: string; readonly requestId?: number };
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly message: Message;
}

export interface Asked extends Seen {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** True: it answered. Otherwise the server behaves as it should. */
export type Script = (asked: Asked) => unknown;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

export interface Remote {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
  /** Cuts all connections, and listens no more. */
  readonly close: () => Promise<void>;
}

export async function openRemote(script: Script = () => false, port = 0): Promise<Remote> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const { method = "", url: path = "", headers } = request;
    const answer = (message: Message): void => {
      const one = { method, path, headers, message };
      seen.push(one);
      const asked = { ...one, request, response };
      if (script(asked) !== true) behave(asked);
    };
    // What is never read is left to the script.
    if (path === "/unread") answer({});
    else void textOfBody(request).then((text) => answer(text === "" ? {} : (JSON.parse(text) as Message)));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  };
  closers.push(close);
  const { port: given } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${given}/mcp`, port: given, seen, close };
}

let sessions = 0;

function behave({ method, message, response }: Asked): void {
  if (method === "GET") response.writeHead(405).end();
  else if (method === "DELETE") response.writeHead(200).end();
  else if (message.method === "initialize") {
    sessions += 1;
    const result = { protocolVersion: "2025-06-18", capabilities: {}, serverInfo: { name: "r", version: "1" } };
    sendJson(response, { id: message.id, result }, { "mcp-session-id": `session-${sessions}` });
  } else if (message.id === undefined || message.method === undefined) response.writeHead(202).end();
  else sendJson(response, { id: message.id, result: { echo: message.params } });
}

export function sendJson(response: ServerResponse, message: object, headers: Record<string, string> = {}): true {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ jsonrpc: "2.0", ...message }));
  return true;
}

export function openStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  response.flushHeaders();
}

export function event(message: object, id?: string): string {
  const data = JSON.stringify({ jsonrpc: "2.0", ...message });
  return `${id === undefined ? "" : `id: ${id}\n`}event: message\ndata: ${data}\n\n`;
}

/** `[about, message]`: what it said, and the request it came with. */
export type Heard = readonly [string, unknown];

export function connect(url: string, extra: Partial<HttpServer> = {}, messageBytes = 1_000_000) {
  const heard: Heard[] = [];
  const happened: string[] = [];
  let isFlushed = true;
  const pool = new HttpPool();
  const settings = {
    kind: "http",
    name: "r",
    url,
    wire: "http",
    headers: {},
    root: undefined,
    home: undefined,
  } as const;
  const end = connectServer({
    settings: { ...settings, ...extra },
    pool,
    limits: { messageBytes, depth: 100 },
    events: {
      frame: (frame, about = "-") => {
        isFlushed = false;
        const bytes = frame.kind === "line" ? frame.bytes.toString() : '"oversize"';
        if (bytes.includes("\n")) throw new Error("a message has several lines");
        heard.push([about, JSON.parse(bytes)]);
      },
      unanswered: (about, reason, evidence) => {
        isFlushed = false;
        happened.push(`${about} unanswered${evidence === undefined ? "" : ` (${evidence})`}: ${reason}`);
      },
      renewed: () => void happened.push("renewed"),
      chunkDone: () => {
        isFlushed = true;
      },
      drained: () => void happened.push("drained"),
      said: () => undefined,
      report: (text) => void happened.push(`report: ${text}`),
    },
  });
  void end.ended.then((reason) => happened.push(`ended: ${reason}`));
  closers.push(async () => {
    end.hurry();
    await end.close();
    await pool.close();
  });
  const send = (message: Message & object): void =>
    end.channel?.send([Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }))]);
  /** Says hello, and waits until that is over. */
  const greet = async (): Promise<void> => {
    const ready = happened.length;
    send({ id: 1, method: "initialize" });
    await until(() => heard.some(([about]) => about === "1" || about === "-"));
    send({ method: "notifications/initialized" });
    await until(() => happened.slice(ready).includes("drained"));
    happened.splice(happened.indexOf("drained"), 1);
    heard.shift();
  };
  /** Of the modern era. */
  const sendAlone = (message: Message & object, headers: Record<string, string> = {}): void =>
    end.channel?.send([Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }))], headers);
  return { end, send, sendAlone, greet, heard, happened, isFlushed: () => isFlushed };
}

export async function greeted(url: string, extra: Partial<HttpServer> = {}, messageBytes?: number) {
  const connection = connect(url, extra, messageBytes);
  await connection.greet();
  return connection;
}

export function call(id: number, name = "echo"): Message {
  return { id, method: "tools/call", params: { name } };
}
