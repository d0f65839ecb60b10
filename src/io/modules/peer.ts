// Requests to a host over one connection and the answers to them: ids that are never used twice, deadlines, and what comes too late.
import { composeError, composeNotification, composeRequest } from "../../message/compose.ts";
import { parseContent } from "../../message/content.ts";
import { type Envelope, readEnvelope } from "../../message/envelope.ts";
import type { Frame } from "../../message/framing.ts";
import { hasDuplicateKeys } from "../../message/locate.ts";
import { salvageFrom } from "../../message/salvage.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import { CONTRACT } from "./wire.ts";

export type Reply =
  | { readonly kind: "result"; readonly result: JsonValue | undefined }
  /** `reason`: what it says of it in `data`. */
  | { readonly kind: "error"; readonly code: number; readonly message: string; readonly reason?: string }
  /** The connection said something else than an answer, or nothing. `reason` is for people. */
  | { readonly kind: "failed"; readonly failure: "down" | "timeout" | "malformed" | "size"; readonly reason: string };

/** Objects and lists inside each other in a payload, and the message around it. */
export const DEPTH = { depth: 64 + 3 };
/** Ids of requests that were given up are remembered, so many. */
const REMEMBERED = 1024;

export interface PeerEvents {
  /** Says something to the host. */
  readonly send: (message: Buffer) => void;
  /** What it offers is no longer what it listed. */
  readonly changed: () => void;
  /** An answer came after its time. */
  readonly late: () => void;
  /** Something the operator should know. */
  readonly report: (text: string) => void;
}

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly timer: NodeJS.Timeout;
}

export class Peer {
  private readonly events: PeerEvents;
  private readonly pending = new Map<string, Pending>();
  /** The oldest first. */
  private readonly expired = new Set<string>();
  private lastId = 0;
  /** Set once nothing more will come: why. */
  private over: string | undefined;

  constructor(events: PeerEvents) {
    this.events = events;
  }

  /** Never rejects. A request that is given up is cancelled. */
  ask(method: string, params: JsonObject | undefined, withinMs: number): Promise<Reply> {
    if (this.over !== undefined) return Promise.resolve({ kind: "failed", failure: "down", reason: this.over });
    this.lastId += 1;
    const id = String(this.lastId);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.giveUp(id), withinMs);
      this.pending.set(id, { resolve, timer });
      this.events.send(composeRequest(id, method, params));
    });
  }

  /** The host's own words, framed. */
  hear(frame: Frame): void {
    if (frame.kind === "oversize") {
      const { id } = salvageFrom(frame.start, frame.end);
      return this.settle(id, { kind: "failed", failure: "size", reason: "its answer is too long" });
    }
    const read = readEnvelope(frame.bytes, DEPTH);
    if (read.kind === "batch") return this.events.report("it wrote a batch, which is no answer");
    if (read.kind !== "malformed") return this.hearMessage(read);
    const reason = `its answer is malformed: ${read.reason}`;
    if (read.id === undefined) this.events.report(`what it wrote is no message: ${read.reason}`);
    return this.settle(read.id, { kind: "failed", failure: "malformed", reason });
  }

  /** Nothing more will come. */
  end(reason: string): void {
    this.over = reason;
    for (const id of this.pending.keys()) this.settle(id, { kind: "failed", failure: "down", reason });
  }

  private hearMessage(message: Envelope): void {
    switch (message.kind) {
      case "request":
        return this.events.send(composeError(message.id, METHOD_NOT_FOUND, "mcprules answers no requests of modules"));
      case "notification":
        if (message.method === CONTRACT.changed) this.events.changed();
        return;
      case "result":
      case "error":
        return this.settle(message.id, replyOf(message));
    }
  }

  private settle(id: string | undefined, reply: Reply): void {
    const waiting = id === undefined ? undefined : this.pending.get(id);
    if (id === undefined || waiting === undefined) return this.strayed(id);
    this.pending.delete(id);
    clearTimeout(waiting.timer);
    waiting.resolve(reply);
  }

  private strayed(id: string | undefined): void {
    if (id !== undefined && this.expired.delete(id)) this.events.late();
    else if (id !== undefined) this.events.report("it answered what nobody asked");
  }

  private giveUp(id: string): void {
    this.settle(id, { kind: "failed", failure: "timeout", reason: "it did not answer in time" });
    this.expired.add(id);
    const [oldest] = this.expired;
    if (this.expired.size > REMEMBERED && oldest !== undefined) this.expired.delete(oldest);
    const params = { requestId: Number(id), reason: "it took too long" };
    this.events.send(composeNotification("notifications/cancelled", params));
  }
}

/** Of a message that was read as such. */
export function replyOf(message: Extract<Envelope, { kind: "result" | "error" }>): Reply {
  if (message.kind === "result" && hasDuplicateKeys(message.bytes, message.result)) {
    return { kind: "failed", failure: "malformed", reason: "a key stands twice in its answer" };
  }
  const content = parseContent(message);
  if (message.kind === "result") return { kind: "result", result: content["result"] };
  const { code, message: said, data: details } = isJsonObject(content["error"]) ? content["error"] : {};
  const reason = isJsonObject(details) ? details["reason"] : undefined;
  const error = { code: typeof code === "number" ? code : 0, message: typeof said === "string" ? said : "" };
  return { kind: "error", ...error, ...(typeof reason === "string" ? { reason } : {}) };
}
