// HTTP servers of ours that stand in for translation services: real sockets, the wire as the services document it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { textOfBody } from "../../text-of-body.ts";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: JsonObject;
}

export interface StandIn {
  readonly url: string;
  /** In the order they came. */
  readonly asked: readonly Asked[];
  /** How many are being answered, at most at once. */
  readonly busiest: () => number;
}

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text goes as it is. */
  readonly body: JsonValue;
}

/** `reply`: `undefined` never answers. It ends with the test. */
export async function standIn(
  reply: (asked: Asked, response: ServerResponse) => Reply | Promise<Reply> | undefined,
): Promise<StandIn> {
  const asked: Asked[] = [];
  let busy = 0;
  let busiest = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const text = await textOfBody(request);
      const { method = "", url = "", headers } = request;
      const one = { method, path: url, headers, body: text === "" ? {} : (JSON.parse(text) as JsonObject) };
      asked.push(one);
      busy += 1;
      busiest = Math.max(busiest, busy);
      const answer = await reply(one, response);
      busy -= 1;
      if (answer === undefined) return;
      const { status = 200, headers: more = {}, body } = answer;
      response.writeHead(status, { "content-type": "application/json", ...more });
      response.end(typeof body === "string" ? body : JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked, busiest: () => busiest };
}

/** An address where nobody listens. */
export async function nobody(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return `http://127.0.0.1:${port}`;
}

/** What our services make of a text: its words in guillemets, what stands in tags as it was. */
export function pseudo(text: string): string {
  return `«${text}»`;
}

export function libreTranslate(): Promise<StandIn> {
  return standIn(({ path, body }) => {
    if (path === "/languages")
      return {
        body: [
          { code: "en", name: "English", targets: ["fr"] },
          { code: "fr", name: "French", targets: ["en"] },
        ],
      };
    return { body: { translatedText: textsIn(body["q"]).map((text) => unescaped(pseudo(text))) } };
  });
}

export function deepL(): Promise<StandIn> {
  return standIn(({ body }) => ({
    body: {
      translations: textsIn(body["text"]).map((text) => ({ detected_source_language: "EN", text: pseudo(text) })),
    },
  }));
}

export function chatCompletions(): Promise<StandIn> {
  return standIn(({ body }) => completion({ items: itemsIn(body).map(({ i, t }) => ({ i, t: pseudo(t) })) }));
}

/** As a model answers. */
export function completion(content: JsonValue, finish = "stop"): Reply {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return { body: { choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: finish }] } };
}

/** The texts of a question to a model. */
export function itemsIn(body: JsonObject): readonly Item[] {
  return (JSON.parse(questionIn(body)) as { readonly items: readonly Item[] }).items;
}

export interface Item {
  readonly i: number;
  readonly t: string;
}

/** What the user says, as text. */
export function questionIn({ messages }: JsonObject): string {
  const [, user] = messages as readonly (JsonObject & { readonly content: string })[];
  return user?.content ?? "";
}

export function textsIn(value: JsonValue | undefined): readonly string[] {
  return (value as readonly JsonValue[]).map(String);
}

/** LibreTranslate answers HTML unescaped; spans are still spans. */
function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
