// Node's own server with plain connections in front of it, on a free port: both say who served a request, and what they read.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterEach } from "vitest";
import { PlainConnections, type PlainOptions } from "../../../../src/io/http/plain/connections.ts";
import type { ClientResponse, WholeRequest } from "../../../../src/io/http/request-and-response.ts";
import { until } from "../../../until.ts";
import { textOfBody } from "../../../text-of-body.ts";

export interface Served {
  readonly by: "plain" | "Node";
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly response: ClientResponse;
}

export interface PlainScene {
  readonly port: number;
  readonly served: Served[];
  /** Once there are so many: the last of them. */
  readonly nth: (number: number) => Promise<Served>;
  /** A connection that says this, and all that comes back. */
  readonly speak: (text: string) => Spoken;
}

export interface Spoken {
  readonly socket: Socket;
  readonly heard: () => string;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** `answers`: each request, at once. `isPlain`: otherwise Node's server is by itself. */
export async function openPlainScene(answers = true, isPlain = true): Promise<PlainScene> {
  const served: Served[] = [];
  const take = (one: Served): void => {
    served.push(one);
    if (answers) answer(one.response, `${one.by} ${one.body}`);
  };
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const serve = (body: string): void => take({ by: "Node", method, url, headers, body, response });
    // A client that leaves in the middle is not served.
    textOfBody(request).then(serve, () => undefined);
  });
  const options: PlainOptions = {
    longestBody: 100_000,
    keepAliveMs: 75_000,
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    connectionsCheckingInterval: 5000,
    serve: (request: WholeRequest, response) =>
      take({ ...request, by: "plain", body: request.body.toString(), response }),
    tlsBegun: () => undefined,
  };
  const plain = isPlain ? new PlainConnections(server, options) : undefined;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  closing.push(() => {
    plain?.close();
    server.close();
    server.closeAllConnections();
  });
  return { port, served, nth: (number) => nth(served, number), speak: (text) => speak(port, text) };
}

async function nth(served: readonly Served[], number: number): Promise<Served> {
  await until(() => served.length >= number);
  const one = served[number - 1];
  if (one === undefined) throw new Error("it was not served");
  return one;
}

export function answer(response: ClientResponse, text: string): void {
  const body = Buffer.from(text);
  response.writeHead(200, { "content-type": "text/plain", "content-length": body.length });
  response.end(body);
}

/** A request as plain as can be; `lines` stand before its length. */
export function post(body: string, lines: readonly string[] = []): string {
  return ["POST /mcp HTTP/1.1", "Host: localhost", ...lines, `Content-Length: ${body.length}`, "", body].join("\r\n");
}

function speak(port: number, text: string): Spoken {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  closing.push(() => socket.destroy());
  let heard = "";
  socket.setEncoding("latin1");
  socket.on("error", () => undefined);
  socket.on("data", (chunk: string) => {
    heard += chunk;
  });
  socket.write(text, "latin1");
  return { socket, heard: () => heard };
}
