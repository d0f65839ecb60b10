// Where a browser comes back to after somebody logged in at an issuer: a door on the loopback that takes one answer.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { codeOf } from "../../thrown.ts";

/** What the issuer says, and only if it is about this very login. */
export interface Callback {
  readonly code: string;
  /** Who says so (RFC 9207). */
  readonly iss: string | undefined;
}

export interface CallbackDoor {
  readonly url: string;
  /** Goes out with the question, and must come back with the answer. */
  readonly state: string;
  /** Rejects with the reason when the issuer refuses. */
  readonly answer: Promise<Callback>;
  readonly close: () => void;
}

const PATH = "/callback";

/** Rejects when the port is taken. */
export async function openCallbackDoor(port: number): Promise<CallbackDoor> {
  const state = randomBytes(32).toString("base64url");
  let settle: (outcome: Callback | Error) => void = () => undefined;
  const answer = new Promise<Callback>((resolve, reject) => {
    settle = (outcome) => (outcome instanceof Error ? reject(outcome) : resolve(outcome));
  });
  // Who closes the door before anybody answered does not wait for it.
  answer.catch(() => undefined);
  const server = createServer((request, response) => {
    const outcome = outcomeOf(request, state);
    tell(response, outcome);
    if (outcome !== undefined) settle(outcome);
  });
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    throw codeOf(error) === "EADDRINUSE" ? new Error(sayTaken(port)) : error;
  }
  const close = (): void => {
    server.close();
    server.closeAllConnections();
    settle(new Error("nobody came back"));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PATH}`, state, answer, close };
}

function sayTaken(port: number): string {
  return `another program listens at 127.0.0.1:${port}, where the browser is to come back to: \`oauth.port\` takes another`;
}

/** `undefined`: it has nothing to do with this login, whoever sends it. */
function outcomeOf({ method, url = "" }: IncomingMessage, state: string): Callback | Error | undefined {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  if (method !== "GET" || pathname !== PATH || !isSame(searchParams.get("state") ?? "", state)) return undefined;
  const code = searchParams.get("code");
  const error = searchParams.get("error");
  if (code !== null) return { code, iss: searchParams.get("iss") ?? undefined };
  return new Error(`the issuer says \`${(error ?? "nothing").replaceAll(/[^\w.-]/g, "")}\``);
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function tell(response: ServerResponse, outcome: Callback | Error | undefined): void {
  const [status, text] =
    outcome === undefined
      ? [400, "This has nothing to do with a login that is under way."]
      : [200, "You can close this window: mcprules says in its terminal how the login went."];
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", connection: "close" });
  response.end(text);
}
