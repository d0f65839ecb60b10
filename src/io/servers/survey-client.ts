// A client that asks what there is and nothing else, for `mcprules lock`; what it is asked itself, it answers as somebody who has nothing.
import { PassThrough, Writable } from "node:stream";
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { composeError, composeNotification, composeRequest, composeResult } from "../../message/compose.ts";
import { parseContent } from "../../message/content.ts";
import { type EnvelopeLimits, readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import { createLineFramer, type Frame, LINE_END } from "../../message/framing.ts";

/** What came back: `{result}` or `{error}`. */
export type SurveyAnswer = JsonObject;

/** Asks for everything that servers make depend on their client: some show more to a client that can do more. */
export const SURVEY_CAPABILITIES: JsonObject = {
  roots: { listChanged: true },
  sampling: {},
  elicitation: { form: {}, url: {} },
};

export class SurveyClient {
  /** What it says goes here, and what it hears comes there, as over stdio. */
  readonly says = new PassThrough();
  readonly hears: Writable;
  /** How often it was told that some list is another. */
  changes = 0;
  private readonly limits: EnvelopeLimits;
  private readonly awaited = new Map<string, (answer: SurveyAnswer) => void>();
  private lastId = 0;

  /** `messageBytes`: of the longest message that is kept. */
  constructor(limits: EnvelopeLimits & { readonly messageBytes: number }) {
    this.limits = limits;
    const framer = createLineFramer(limits.messageBytes);
    this.hears = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        framer.push(chunk, (frame) => this.hear(frame));
        done();
      },
    });
  }

  /** Resolves with the answer, if one comes. */
  ask(method: string, params?: JsonObject): Promise<SurveyAnswer> {
    this.lastId += 1;
    const id = String(this.lastId);
    return new Promise((resolve) => {
      this.awaited.set(id, resolve);
      this.say(composeRequest(id, method, params));
    });
  }

  tell(method: string): void {
    this.say(composeNotification(method));
  }

  private say(message: Buffer): void {
    this.says.write(Buffer.concat([message, LINE_END]));
  }

  private hear(frame: Frame): void {
    const read = frame.kind === "line" ? readEnvelope(frame.bytes, this.limits) : undefined;
    switch (read?.kind) {
      case "request":
        return this.say(answerTo(read));
      case "notification":
        if (read.method.endsWith("/list_changed")) this.changes += 1;
        return;
      case "result":
      case "error": {
        const resolve = this.awaited.get(read.id ?? "");
        this.awaited.delete(read.id ?? "");
        return resolve?.(parseContent(read));
      }
      // The proxy sends one message a line; a list that is too long for it never comes, and whoever waits gives up.
      case "batch":
      case "malformed":
      case undefined:
    }
  }
}

const ANSWERS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["ping", {}],
  ["roots/list", { roots: [] }],
  ["elicitation/create", { action: "decline" }],
]);

function answerTo({ id, method }: RequestEnvelope): Buffer {
  const answer = ANSWERS.get(method);
  return answer === undefined
    ? composeError(id, REFUSED, `\`mcprules lock\` does no ${method}`)
    : composeResult(id, answer);
}

/** As a user who does not want a model to be asked (2025-11-25, Sampling, Error Handling). */
const REFUSED = -1;
