// A real SDK client, over stdio or HTTP, that answers what it is asked, and keeps everything that happens for the test to look at.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  isJSONRPCNotification,
  type JSONRPCMessage,
  type JSONRPCNotification,
  McpError,
  ResultSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { afterAll } from "vitest";
import type { Program } from "./programs.ts";

export interface SdkClient {
  readonly client: Client;
  /** What it was asked by servers, in order: method and params. */
  readonly asked: readonly unknown[];
  /** As they came, before the client made anything of them. */
  readonly notified: readonly JSONRPCNotification[];
  /** Any request; errors are values. */
  request(method: string, params?: Record<string, unknown>): Promise<unknown>;
  stderr(): string;
}

const CAPABILITIES = {
  sampling: { tools: {}, context: {} },
  elicitation: { form: {}, url: {} },
  roots: { listChanged: true },
};

export interface Answers {
  readonly roots: readonly string[];
}

/** A program to start, or where one is found. */
export type ClientEnd = Program | URL;

export async function connectSdkClient(end: ClientEnd, answers: Answers = { roots: [] }): Promise<SdkClient> {
  const client = new Client({ name: "e2e", version: "1.0.0" }, { capabilities: CAPABILITIES });
  const asked: unknown[] = [];
  const notified: JSONRPCNotification[] = [];
  client.setRequestHandler(CreateMessageRequestSchema, ({ method, params }) => {
    asked.push({ method, params });
    return { model: "none", role: "assistant", content: { type: "text", text: "sampled" } };
  });
  client.setRequestHandler(ElicitRequestSchema, ({ method, params }) => {
    // Identifiers are made anew each time.
    asked.push({ method, params: { ...params, elicitationId: undefined } });
    return { action: "accept", content: { name: "Ada", check: true } };
  });
  client.setRequestHandler(ListRootsRequestSchema, ({ method, params }) => {
    asked.push({ method, params });
    return { roots: answers.roots.map((uri) => ({ uri, name: "root" })) };
  });
  const errors: Buffer[] = [];
  const transport = transportTo(end, errors);
  const stderr = (): string => Buffer.concat(errors).toString();
  afterAll(() => client.close());
  try {
    await client.connect(transport);
  } catch (error) {
    throw new Error(`the client could not connect:\n${stderr()}`, { cause: error });
  }
  const { onmessage } = transport;
  const overhear = (message: JSONRPCMessage): void => {
    if (isJSONRPCNotification(message)) notified.push(message);
    onmessage?.(message);
  };
  Object.assign(transport, { onmessage: overhear });
  return { client, asked, notified, request: (...call) => request(client, ...call), stderr };
}

/** Where a path ends in `/sse`, HTTP+SSE of 2024-11-05 is spoken. */
function transportTo(end: ClientEnd, errors: Buffer[]): Transport {
  // oxlint-disable-next-line typescript/no-deprecated -- what is deprecated is what old clients speak
  if (end instanceof URL && end.pathname.endsWith("/sse")) return new SSEClientTransport(end);
  if (end instanceof URL) return new StreamableHTTPClientTransport(end);
  const transport = new StdioClientTransport({ command: end.command, args: [...end.args], stderr: "pipe" });
  transport.stderr?.on("data", (chunk: Buffer) => errors.push(chunk));
  return transport;
}

async function request(client: Client, method: string, params?: Record<string, unknown>): Promise<unknown> {
  try {
    return { result: await client.request({ method, ...(params && { params }) }, ResultSchema) };
  } catch (error) {
    if (!(error instanceof McpError)) throw error;
    const { code, message, data } = error;
    return { error: { code, message, data } };
  }
}
