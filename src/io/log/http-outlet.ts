// Lines to an HTTP address: JSON lines in batches, each tried a few times.
import { setTimeout as delay } from "node:timers/promises";
import { Agent, request } from "undici";
import type { HttpDestination } from "./log-settings.ts";
import { backoff, KEPT, LAST_WAIT_MS, type Outlet, type OutletEvents, reasonOf } from "./outlet.ts";
import { reach } from "./reach.ts";
import { isInTime } from "../in-time.ts";

/** A batch goes out so long after its first line, or when it is full. */
const BATCH_MS = 1000;
const BATCH_LINES = 500;
const BATCH_BYTES = 512 * 1024;
const ATTEMPTS = 5;
const ANSWER_MS = 10_000;

/** Rejects when nobody can be reached there. */
export async function openHttpOutlet({ url, headers }: HttpDestination, events: OutletEvents): Promise<Outlet> {
  const { protocol, hostname, port } = new URL(url);
  const isSecure = protocol === "https:";
  const host = hostname.replaceAll(/[[\]]/g, "");
  const usualPort = isSecure ? 443 : 80;
  await reach({ host, port: port === "" ? usualPort : Number(port), isSecure });
  return new HttpOutlet(url, headers, events);
}

interface WaitingLine {
  readonly text: string;
  readonly bytes: number;
}

type Answer = { readonly kind: "taken" } | { readonly kind: "refused" | "failed"; readonly reason: string };

class HttpOutlet implements Outlet {
  private readonly url: string;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly events: OutletEvents;
  private readonly agent = new Agent({
    connections: 1,
    connect: { timeout: ANSWER_MS },
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
  });
  private readonly ending = new AbortController();
  private waiting: WaitingLine[] = [];
  /** Of lines that wait, and of the batch on its way. */
  private bytes = 0;
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;

  constructor(url: string, headers: Readonly<Record<string, string>>, events: OutletEvents) {
    this.url = url;
    this.headers = { ...headers, "content-type": "application/x-ndjson" };
    this.events = events;
  }

  offer(text: string): boolean {
    const bytes = Buffer.byteLength(text);
    if (this.bytes + bytes > KEPT) return false;
    this.waiting.push({ text, bytes });
    this.bytes += bytes;
    if (this.waiting.length >= BATCH_LINES || this.bytes >= BATCH_BYTES) this.send();
    else this.timer ??= setTimeout(() => this.send(), BATCH_MS).unref();
    return true;
  }

  async close(): Promise<void> {
    this.ending.abort();
    this.send();
    if (this.sending !== undefined) await isInTime(LAST_WAIT_MS, this.sending);
    if (this.waiting.length > 0) this.events.lost(this.waiting.length);
    this.waiting = [];
    await this.agent.destroy();
  }

  /** One batch at a time, so that lines arrive in their order. */
  private send(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sending ??= this.sendAll().finally(() => {
      this.sending = undefined;
      if (this.waiting.length > 0) this.send();
    });
  }

  private async sendAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.nextBatch();
      if (!(await this.deliver(batch.map(({ text }) => text).join("")))) this.events.lost(batch.length);
      for (const { bytes } of batch) this.bytes -= bytes;
    }
  }

  private nextBatch(): readonly WaitingLine[] {
    let bytes = 0;
    const isIn = (line: WaitingLine): boolean => {
      bytes += line.bytes;
      return bytes <= BATCH_BYTES;
    };
    const end = this.waiting.slice(1, BATCH_LINES).findIndex((line) => !isIn(line));
    return this.waiting.splice(0, end === -1 ? BATCH_LINES : end + 1);
  }

  /** Whether it was taken. Once we are ending, there is one attempt. */
  private async deliver(body: string): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const answer = await this.post(body);
      if (answer.kind === "taken") {
        this.events.worked();
        return true;
      }
      this.events.failed(answer.reason);
      if (answer.kind === "refused" || this.ending.signal.aborted) return false;
      await delay(backoff(attempt), undefined, { signal: this.ending.signal }).catch(() => undefined);
    }
    return false;
  }

  private async post(body: string): Promise<Answer> {
    try {
      const { headers } = this;
      const { statusCode, body: answer } = await request(this.url, {
        dispatcher: this.agent,
        method: "POST",
        headers,
        body,
      });
      await answer.dump();
      if (statusCode >= 200 && statusCode < 300) return { kind: "taken" };
      const mayPass = statusCode >= 500 || statusCode === 408 || statusCode === 429;
      return { kind: mayPass ? "failed" : "refused", reason: `it answers with status ${statusCode}` };
    } catch (error) {
      return { kind: "failed", reason: reasonOf(error) };
    }
  }
}
