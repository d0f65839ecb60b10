// A real HTTP door on a free port, with a stand-in for everything behind it, and a client that says exactly what it is told.
import { once } from "node:events";
import { Agent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { afterEach } from "vitest";
import type { ClientChannel, ClientIdentity, ClientPort } from "../../../src/io/client-port.ts";
import type { AuthSettings, DoorLimits, ListenSettings } from "../../../src/io/http/door-settings.ts";
import { openDoor, type Door } from "../../../src/io/http/http-door.ts";
import type { Frame } from "../../../src/message/framing.ts";
import { DEFAULTS } from "../../../src/io/settings/settings.ts";
import { until } from "../../until.ts";
import { textOfBody } from "../../text-of-body.ts";

/** A client as those behind the door see it. */
export interface Arrival {
  readonly who: ClientIdentity;
  readonly channel: ClientChannel;
  /** What it said, with the stream it came on. */
  readonly said: {
    readonly message: Said;
    readonly stream: number | undefined;
    readonly headers: Readonly<Record<string, string>> | undefined;
  }[];
  /** The streams it does not listen on any more. */
  readonly closed: number[];
  readonly isGone: () => boolean;
  /** What it said otherwise. */
  readonly frames: Frame[];
  /** What else was said of who it is. */
  readonly users: ClientIdentity["user"][];
  /** Sends it a message, or the text of one, and ends the stream if told so. */
  tell(message: object | string, stream?: number, ends?: boolean): void;
  /** The stream of the last message of this method. */
  streamOf(method: string): number;
}

export interface Said {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly name?: string };
}

export interface OpenedDoor {
  readonly door: Door;
  readonly clients: Arrival[];
  readonly reports: string[];
  readonly ask: (asking?: Asking) => Promise<Answer>;
  /** A session with its handshake done: its id. */
  readonly session: (headers?: Record<string, string>) => Promise<string>;
  readonly stream: (asking?: Asking) => Promise<OpenStream>;
  /** Without waiting for anything. */
  readonly sending: (asking: Asking) => ClientRequest;
}

export interface Asking {
  readonly method?: string;
  readonly path?: string;
  /** `undefined` takes a header out that is there by default. */
  readonly headers?: Record<string, string | undefined>;
  readonly body?: string | Buffer | object;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  json(): {
    readonly id?: unknown;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
    readonly result?: unknown;
  };
}

export interface OpenStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  text(): string;
  until(part: string): Promise<string>;
  ended(): Promise<void>;
}

export interface DoorScene {
  readonly listen?: Partial<ListenSettings>;
  readonly auth?: AuthSettings;
  readonly limits?: Partial<DoorLimits>;
  /** What is answered at once; the rest is left to the test. */
  readonly answers?: Answers;
}

type Answers = "everything" | "greetings" | "nothing";

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((close) => close()));
});

export async function openTestDoor(scene: DoorScene = {}): Promise<OpenedDoor> {
  const clients: Arrival[] = [];
  const reports: string[] = [];
  const door = await openDoor({
    listen: { ...DEFAULTS.listen, port: 0, ...scene.listen },
    auth: scene.auth,
    limits: { ...DEFAULTS.limits, ...scene.limits },
    faces: [
      {
        path: scene.listen?.path ?? DEFAULTS.listen.path,
        oldPath: "/sse",
        attach: (who, channel) =>
          arrive(clients, { ...who, profile: undefined }, channel, scene.answers ?? "everything"),
      },
    ],
    report: (level, text) => void reports.push(`${level} ${text}`),
  });
  const agent = new Agent({ keepAlive: true });
  open.push(() => {
    agent.destroy();
    return door.close();
  });
  const sending = (asking: Asking): ClientRequest => send(door, agent, asking);
  const begin = async (asking: Asking): Promise<[ClientRequest, IncomingMessage]> => {
    const sent = sending(asking);
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    return [sent, response];
  };
  const ask = async (asking: Asking = {}): Promise<Answer> => answerOf((await begin(asking))[1]);
  return {
    door,
    clients,
    reports,
    ask,
    session: async (headers = {}) => {
      const answer = await ask({ body: HELLO, headers });
      await ask({
        body: { jsonrpc: "2.0", method: "notifications/initialized" },
        headers: { ...headers, "mcp-session-id": String(answer.headers["mcp-session-id"]) },
      });
      return String(answer.headers["mcp-session-id"]);
    },
    sending,
    stream: async (asking = {}) => streamOf(...(await begin(asking))),
  };
}

export const HELLO = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
};

export function call(id: number | string, name = "echo"): object {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name, arguments: {} } };
}

/** A request of the modern era as it should be: `ask(modern("tools/call", {…}))`. */
export function modern(method: string, params: object = {}, extra: Modern = {}): Asking {
  const { id = 1, client = "t", capabilities = {}, headers = {}, meta = {} } = extra;
  const claim = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientInfo": { name: client, version: "1" },
    "io.modelcontextprotocol/clientCapabilities": capabilities,
  };
  const { name, uri } = params as { readonly name?: string; readonly uri?: string };
  return {
    body: {
      jsonrpc: "2.0",
      ...(id === null ? {} : { id }),
      method,
      params: { ...params, _meta: { ...claim, ...meta } },
    },
    headers: { "mcp-protocol-version": MODERN, "mcp-method": method, "mcp-name": name ?? uri, ...headers },
  };
}

export const MODERN = "2026-07-28";

interface Modern {
  /** `null`: it is a notification. */
  readonly id?: number | string | null;
  readonly client?: string;
  readonly capabilities?: object;
  readonly headers?: Asking["headers"];
  /** `undefined` takes a key out. */
  readonly meta?: Record<string, unknown>;
}

function arrive(clients: Arrival[], who: ClientIdentity, channel: ClientChannel, answers: Answers): ClientPort {
  let hasLeft = false;
  const arrival: Arrival = {
    who,
    channel,
    said: [],
    users: [],
    closed: [],
    frames: [],
    isGone: () => hasLeft,
    tell: (message, stream, ends = false) => {
      channel.send([Buffer.from(typeof message === "string" ? message : JSON.stringify(message))], stream);
      if (ends && stream !== undefined) channel.streamDone?.(stream);
      channel.flush();
    },
    streamOf: (method) => arrival.said.findLast(({ message }) => message.method === method)?.stream ?? -1,
  };
  clients.push(arrival);
  return {
    frame: (frame) => void arrival.frames.push(frame),
    flush: () => channel.flush(),
    message: (bytes, stream, _read, headers) => {
      const message = JSON.parse(bytes.toString()) as Said;
      arrival.said.push({ message, stream, headers });
      const { id, method } = message;
      const isAsked = id !== undefined && method !== undefined;
      const isAnswered = answers === "everything" || (answers === "greetings" && method === "initialize");
      if (isAsked && isAnswered) {
        arrival.tell({ jsonrpc: "2.0", id, result: { echo: method } }, stream, true);
      } else if (!isAsked && stream !== undefined) {
        channel.streamDone?.(stream);
        channel.flush();
      }
    },
    known: (user) => arrival.users.push(user),
    streamClosed: (stream) => void arrival.closed.push(stream),
    drained: () => undefined,
    left: () => {
      hasLeft = true;
    },
  };
}

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

function send(door: Door, agent: Agent, asking: Asking): ClientRequest {
  const { method = asking.body === undefined ? "GET" : "POST", path, body, headers } = asking;
  const url = new URL(path ?? "", door.urls[0]);
  const sent = request(url, { method, agent });
  const all: NonNullable<Asking["headers"]> = { ...HEADERS, ...headers };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) sent.setHeader(name, value);
  sent.on("error", () => undefined);
  sent.end(body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body));
  return sent;
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const text = await textOfBody(response);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as ReturnType<Answer["json"]>,
  };
}

function streamOf(sent: ClientRequest, response: IncomingMessage): OpenStream {
  let text = "";
  let hasEnded = false;
  response.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  response.on("error", () => undefined);
  response.on("close", () => {
    hasEnded = true;
  });
  const ended = async (): Promise<void> => {
    if (!(await until(() => hasEnded))) throw new Error(`the stream did not end; it said ${text}`);
  };
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    request: sent,
    response,
    text: () => text,
    until: async (part) => {
      if (await until(() => text.includes(part))) return text;
      throw new Error(`\`${part}\` did not come; came: ${text}`);
    },
    ended,
  };
}
