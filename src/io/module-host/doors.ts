// The ways to a policy that is served as a module: one client over stdio, or any number over HTTP on this machine.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable, Writable } from "node:stream";
import { composeNotification } from "../../message/compose.ts";
import { createLineFramer, LINE_END } from "../../message/framing.ts";
import { openGate } from "../http/gate.ts";
import { CONTRACT } from "../modules/wire.ts";
import { answerMessage } from "./answer-message.ts";
import type { RulesHost } from "./rules-host.ts";

export interface ModuleDoor {
  /** Where it is over HTTP. */
  readonly url: string | undefined;
  /** Resolves when the client has left; over HTTP, never by itself. */
  readonly ended: Promise<void>;
  /** What is offered is another. */
  changed(): void;
  close(): Promise<void>;
}

/** Bytes of the longest message. */
const LONGEST = 16 * 1024 * 1024;

export function openStdioDoor(host: RulesHost, input: Readable, output: Writable): ModuleDoor {
  const say = (message: Buffer | undefined): void => {
    if (message !== undefined) output.write(Buffer.concat([message, LINE_END]));
  };
  const framer = createLineFramer(LONGEST);
  const under = new Set<Promise<void>>();
  const answer = (bytes: Buffer): void => {
    const answering = answerMessage(host, bytes).then(say);
    under.add(answering);
    void answering.finally(() => under.delete(answering));
  };
  input.on("data", (chunk: Buffer) =>
    framer.push(chunk, (frame) => {
      if (frame.kind === "line") answer(frame.bytes);
    }),
  );
  const ended = new Promise<void>((resolve) => {
    input.once("end", () => void Promise.all(under).then(() => resolve()));
    output.once("close", () => resolve());
  });
  return {
    url: undefined,
    ended,
    changed: () => say(composeNotification(CONTRACT.changed)),
    close: () => Promise.resolve(),
  };
}

/** On a loopback address only: there is no login here. Rejects when it cannot listen there. */
export async function openHttpDoor(
  host: RulesHost,
  address: { readonly host: string; readonly port: number },
): Promise<ModuleDoor> {
  const gate = openGate({ ...address, path: PATH, allowedHosts: [], allowedOrigins: [], anyone: false });
  const server = createServer((request, response) => {
    const refusal = gate.check(request);
    if (refusal !== undefined) response.writeHead(refusal.status).end(refusal.reason);
    else if (request.url !== PATH) response.writeHead(404).end();
    else if (request.method !== "POST") response.writeHead(405, { allow: "POST" }).end();
    else void serve(host, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${address.host.includes(":") ? `[${address.host}]` : address.host}:${String(port)}${PATH}`,
    ended: new Promise(() => {}),
    changed: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const PATH = "/mcp";

async function serve(host: RulesHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  if (body === undefined) {
    response.writeHead(413).end();
    return;
  }
  const answer = await answerMessage(host, body);
  if (answer === undefined) response.writeHead(202).end();
  else response.writeHead(200, { "content-type": "application/json" }).end(answer);
}

/** `undefined`: it is too long, or was cut off. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", () => resolve(undefined));
  });
}
