// JSON to a translator over HTTP and JSON back, within a time and a size, and nowhere else than the settings say.
import { Agent, request } from "undici";
import type { JsonValue } from "../../mcp/json.ts";
import { codeOf } from "../thrown.ts";

export interface HttpOptions {
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
}

export type HttpAnswer =
  /** `body` undefined: it is no JSON. Redirects are answers like any other: nobody follows them. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: JsonValue | undefined;
      readonly afterMs?: number;
    }
  | { readonly kind: "failed"; readonly reason: string };

/** What all texts of a pack come to is far below. */
const LARGEST_ANSWER = 8 * 1024 * 1024;

export class TranslatorHttp {
  private readonly timeoutMs: number;
  private readonly agent: Agent;

  constructor({ timeoutMs, maxConcurrent }: HttpOptions) {
    this.timeoutMs = timeoutMs;
    this.agent = new Agent({ connections: maxConcurrent, connect: { timeout: timeoutMs }, headersTimeout: timeoutMs });
  }

  post(url: string, headers: Readonly<Record<string, string>>, body: JsonValue): Promise<HttpAnswer> {
    return this.ask("POST", url, { ...headers, "content-type": "application/json" }, JSON.stringify(body));
  }

  get(url: string): Promise<HttpAnswer> {
    return this.ask("GET", url, {}, null);
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private async ask(
    method: "GET" | "POST",
    url: string,
    headers: Readonly<Record<string, string>>,
    body: string | null,
  ): Promise<HttpAnswer> {
    const signal = AbortSignal.timeout(this.timeoutMs);
    try {
      const {
        statusCode,
        headers: said,
        body: stream,
      } = await request(url, {
        dispatcher: this.agent,
        method,
        headers: { ...headers, accept: "application/json" },
        body,
        signal,
      });
      const text = await readText(stream);
      if (text === undefined) return { kind: "failed", reason: "its answer is too large" };
      const afterMs = retryAfter(said["retry-after"]);
      return { kind: "answer", status: statusCode, body: parsed(text), ...(afterMs !== undefined && { afterMs }) };
    } catch (error) {
      return { kind: "failed", reason: signal.aborted ? "it does not answer in time" : reasonOf(error) };
    }
  }
}

/** `undefined`: it goes on and on. */
async function readText(stream: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > LARGEST_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/** In seconds (RFC 9110, Retry-After); as a date it is left to our own backoff. */
function retryAfter(said: string | readonly string[] | undefined): number | undefined {
  const seconds = typeof said === "string" && /^\d{1,6}$/.test(said) ? Number(said) : undefined;
  return seconds === undefined ? undefined : seconds * 1000;
}

function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? "";
  return code === "" ? "it cannot be reached" : `it cannot be reached (${code})`;
}
