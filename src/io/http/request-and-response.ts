// One request of a client, and the response to it, whoever reads the one and writes the other: Node, or a plain connection.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

export type ClientRequest = IncomingMessage | WholeRequest;

/** It is here with its body. */
export interface WholeRequest {
  readonly method: "POST";
  readonly url: string;
  /** The same object as long as a connection says the same; without `content-length`. */
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** As far as the door needs it, what Node's own is too. */
export interface ClientResponse {
  readonly destroyed: boolean;
  readonly writableFinished: boolean;
  /** The connection, while there is one. */
  readonly socket: { readonly remoteAddress?: string | undefined } | null;
  /** Bytes that the client has not taken yet. */
  readonly writableLength: number;
  writeHead(status: number, headers?: Readonly<Record<string, string | number>>): ClientResponse;
  flushHeaders(): void;
  write(bytes: Buffer): unknown;
  end(bytes?: Buffer): unknown;
  /** What is written from now on leaves in one go, at the end at last. */
  cork(): void;
  uncork(): void;
  /** `close`: it is over, or its client gone. */
  once(event: "close" | "drain", listener: () => void): unknown;
  /** Cuts the connection. */
  destroy(): unknown;
}
