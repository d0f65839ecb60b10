// A server whose every byte a test chooses, and a client that writes down what it is told.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";
import type { HttpRequest, Running } from "../../../../src/io/upstream/http-request.ts";
import { Connections } from "../../../../src/io/upstream/http1/connections.ts";
import { until } from "../../../until.ts";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

/** `answer`: for each request whose head has come whole, with how many came before it on the same connection. */
export type Answer = (socket: Socket, request: string, before: number) => void;

class RawServer {
  readonly sockets: Socket[] = [];
  private readonly server: Server;

  constructor(answer: Answer) {
    this.server = createServer((socket) => {
      this.sockets.push(socket);
      socket.on("error", () => undefined);
      let before = 0;
      socket.on("data", (bytes: Buffer) => {
        const text = bytes.toString("latin1");
        if (/^(?:GET|POST|DELETE) /.test(text)) answer(socket, text, before++);
      });
    });
    closers.push(() => {
      for (const socket of this.sockets) socket.destroy();
      this.server.close();
    });
  }

  async listen(): Promise<URL> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return new URL(`http://127.0.0.1:${(this.server.address() as AddressInfo).port}/mcp?a=b`);
  }
}

export interface Asked {
  readonly running: Running;
  readonly told: string[];
  readonly body: () => string;
  readonly sent: () => number;
}

/** What a test does while it is told something. */
interface Doing {
  readonly chunk?: () => void;
  readonly end?: () => void;
}

export class Client {
  private readonly connections: Connections;

  constructor(connections = new Connections()) {
    this.connections = connections;
    closers.push(() => this.close());
  }

  close(): void {
    this.connections.destroy();
  }

  ask(url: URL, more: Partial<HttpRequest> = {}, doing: Doing = {}): Asked {
    const told: string[] = [];
    const chunks: Buffer[] = [];
    const end = (): void => {
      told.push("end");
      doing.end?.();
    };
    const failed =
      (when: string) =>
      (error: Error & { readonly code?: string }): void =>
        void told.push(`${when}: ${error.code}`);
    const chunk = (bytes: Buffer): void => {
      chunks.push(bytes);
      doing.chunk?.();
    };
    const sink = { chunk, end, failed: failed("cut") };
    const request: HttpRequest = { method: "POST", url, headers: {}, body: Buffer.from("{}"), ...more };
    let sent = 0;
    const running = this.connections.start(request, {
      head: ({ status }) => {
        told.push(String(status));
        return sink;
      },
      failed: failed("failed"),
      sent: (bytes) => {
        sent += bytes;
      },
    });
    return { running, told, body: () => Buffer.concat(chunks).toString(), sent: () => sent };
  }

  async answered(url: URL, more?: Partial<HttpRequest>): Promise<Asked> {
    const asked = this.ask(url, more);
    await until(() => asked.told.some((one) => /^(?:end|cut|failed)/.test(one)));
    return asked;
  }
}

export async function served(
  answer: Answer,
): Promise<{ readonly url: URL; readonly client: Client; readonly server: RawServer }> {
  const server = new RawServer(answer);
  return { url: await server.listen(), client: new Client(), server };
}

export const OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n";
export const whole: Answer = (socket) => void socket.write(`${OK}\r\nok`);
