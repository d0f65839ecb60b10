// A call that somebody has to approve, on a stage, in either era and by either way: what is asked, answered, sent and told.
import type { Channel } from "../../../src/dispatch/gates/approval.ts";
import type { Told } from "../../../src/dispatch/event.ts";
import type { StoreAnswer, StoreNeed } from "../../../src/dispatch/gates/store-need.ts";
import type { DecisionRecord } from "../../../src/engine/decision-record.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import type { Era } from "../../../src/mcp/methods.ts";
import { modern, type Said, type Scene, Stage } from "../stage.ts";

export const ASKS = 'default allow\nrule sure when tools/call * ask "Really {params.arguments.n}?"';

export interface Plot {
  readonly era: Era;
  readonly serverEra: Era;
  readonly channel: Channel;
}

export const PLOTS: readonly Plot[] = (["legacy", "modern"] as const).flatMap((era) =>
  (["legacy", "modern"] as const).flatMap((serverEra) =>
    (["elicitation", "queue"] as const).map((channel) => ({ era, serverEra, channel })),
  ),
);

export type HumanAnswer = "approve" | "decline" | "cancel" | "nonsense";

export const FORM_ANSWERS: Readonly<Record<HumanAnswer, JsonObject>> = {
  approve: { action: "accept", content: { decision: "approve" } },
  decline: { action: "decline" },
  cancel: { action: "cancel" },
  nonsense: { action: "accept", content: { decision: "yes, please" } },
};

/** What is kept between messages. */
class Shelf {
  isDown = false;
  /** Every limit is used up. */
  isOver = false;
  private readonly spent = new Set<string>();
  readonly parked = new Map<string, string>();

  answer(need: StoreNeed): StoreAnswer {
    if (this.isDown) return { kind: "failed", reason: "it is gone" };
    switch (need.kind) {
      case "reserve":
        return this.isOver ? { kind: "over", index: 0, retryAfterMs: 1000 } : { kind: "reserved" };
      case "spend": {
        const isFirst = !this.spent.has(need.token);
        this.spent.add(need.token);
        return { kind: "spent", isFirst };
      }
      case "park":
        this.parked.set(need.key, need.value);
        return { kind: "kept" };
      case "fetch": {
        const value = this.parked.get(need.key);
        this.parked.delete(need.key);
        return { kind: "recalled", value };
      }
      case "recall":
        return { kind: "recalled", value: undefined };
      case "keep":
      case "mark":
        return { kind: "kept" };
    }
  }
}

export class Talk {
  readonly plot: Plot;
  readonly stage: Stage;
  readonly shelf = new Shelf();
  /** Everything that was sent to anybody, in order. */
  readonly sent: Said[] = [];
  private lastId = 0;
  private lastCall: JsonObject = {};

  constructor(plot: Plot, scene: Scene = {}) {
    this.plot = plot;
    const { era, serverEra, channel } = plot;
    const whole: Scene = {
      policy: ASKS,
      servers: { a: { era: serverEra } },
      ...scene,
      options: { asking: { channels: [channel], withinMs: 60_000, maxPending: 5 }, ...scene.options },
    };
    this.stage = era === "legacy" ? Stage.open(whole) : Stage.modern(whole);
  }

  /** A call of the client's. */
  call(args: JsonObject = { n: 1 }, meta?: JsonObject): readonly Said[] {
    this.lastCall = { name: "echo", arguments: args };
    return this.request(this.lastCall, meta);
  }

  /** The modern client's call once more, with whatever is given. */
  retry(more: JsonObject, call: JsonObject = this.lastCall): readonly Said[] {
    return this.request({ ...call, ...more });
  }

  request(params: JsonObject, meta?: JsonObject, method = "tools/call"): readonly Said[] {
    this.lastId += 1;
    const id = `call-${this.lastId}`;
    const withMeta = meta === undefined ? params : { ...params, _meta: meta };
    return this.hear(
      this.stage.client(
        this.plot.era === "legacy" ? { id, method, params: withMeta } : modern(id, method, params, meta),
      ),
    );
  }

  client(message: JsonObject): readonly Said[] {
    return this.hear(this.stage.client(message));
  }

  server(message: JsonObject): readonly Said[] {
    return this.hear(this.stage.server("a", message));
  }

  /** What the human reads, if a question is open. */
  question(): string | undefined {
    if (this.plot.channel === "queue") return this.stage.dispatcher.questions()[0]?.text;
    const params = this.form()?.["params"];
    return isJsonObject(params) && typeof params["message"] === "string" ? params["message"] : undefined;
  }

  /** The form that was put last. */
  form(): JsonObject | undefined {
    const asked = this.sent.findLast(([to, message]) => to === "client" && isQuestion(message));
    if (asked === undefined || !isJsonObject(asked[1])) return undefined;
    const requests = inputRequests(asked[1]);
    // In the middle of a call at a legacy server it comes among those of that server.
    const inRound = requests === undefined ? asked[1] : (requests["mcprules.approve"] ?? Object.values(requests)[0]);
    return isJsonObject(inRound) ? inRound : undefined;
  }

  /** What came with the question that was put last, in the modern era. */
  state(): JsonValue {
    const asked = this.sent.findLast(([to, message]) => to === "client" && inputRequests(message) !== undefined);
    const result = isJsonObject(asked?.[1]) ? asked[1]["result"] : undefined;
    return isJsonObject(result) ? (result["requestState"] ?? null) : null;
  }

  /** Answers the question that was put last. */
  answer(answer: HumanAnswer): readonly Said[] {
    if (this.plot.channel === "queue") {
      const question = this.stage.dispatcher.questions()[0]?.id ?? "";
      return this.decide(question, answer === "approve");
    }
    const result = FORM_ANSWERS[answer];
    if (this.plot.era === "legacy") return this.client({ id: this.form()?.["id"] ?? null, result });
    return this.retry({ inputResponses: { "mcprules.approve": result }, requestState: this.state() });
  }

  /** So much time goes by, and the timer of the question fires. */
  wait(milliseconds: number): readonly Said[] {
    this.stage.now += milliseconds + 1;
    return this.plot.era === "modern" && this.plot.channel === "elicitation"
      ? []
      : this.hear(this.stage.fire(milliseconds));
  }

  /** Answers what a rule asked for first and was not told yet. */
  tell(answer: Told): readonly Said[] {
    return this.hear(this.stage.tell(answer));
  }

  reload(policy: string): readonly Said[] {
    return this.hear(this.stage.swap(policy));
  }

  /** What the server was asked to do. */
  done(): readonly JsonObject[] {
    return this.sent.flatMap(([to, message]) =>
      to === "a" && isJsonObject(message) && message["method"] === "tools/call" ? [message] : [],
    );
  }

  /** What the client was told in the end, of its calls. */
  told(): readonly JsonObject[] {
    return this.sent.flatMap(([to, message]) =>
      to === "client" && isJsonObject(message) && message["method"] === undefined && !isQuestion(message)
        ? [message]
        : [],
    );
  }

  records(): readonly DecisionRecord[] {
    return this.stage.records();
  }

  /** Somebody at the machine decides a question, which may be there or not. */
  decide(question: string, approves: boolean): readonly Said[] {
    return this.hear(this.stage.happen({ kind: "question-decided", question, approves, by: "ada" }));
  }

  private hear(said: readonly Said[]): readonly Said[] {
    const all = [...said];
    for (;;) {
      const [asks] = this.stage.asked();
      if (asks?.kind !== "store") break;
      all.push(...this.stage.remembers(this.shelf.answer(asks.store)));
    }
    this.sent.push(...all);
    return all;
  }
}

function isQuestion(message: JsonValue): boolean {
  return isJsonObject(message) && (message["method"] === "elicitation/create" || inputRequests(message) !== undefined);
}

function inputRequests(message: JsonValue): JsonObject | undefined {
  const result = isJsonObject(message) ? message["result"] : undefined;
  const requests = isJsonObject(result) ? result["inputRequests"] : undefined;
  return isJsonObject(requests) ? requests : undefined;
}
