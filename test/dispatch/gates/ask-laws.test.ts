// Laws of approvals, whatever clients, servers, humans and reloads do in whatever order: nothing reaches a server that nobody has approved, and no approval serves twice.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { FORM_ANSWERS, type HumanAnswer, PLOTS, type Plot, Talk } from "./ask-talk.ts";

const ASKS = 'default allow\nrule sure when tools/call * ask "Do {params.arguments.n}."';

/** Under each of them a human is asked about every call. */
const POLICIES = [
  ASKS,
  ASKS.replace("Do", "Please do"),
  `${ASKS}\nrule other when tools/call * with n x2 set n = "x3"`,
  `${ASKS}\nrule never when tools/call * with n x1 block`,
  `${ASKS}\nrule look when result of tools/call * ask "Tell."`,
];

type Step =
  | { readonly kind: "call"; readonly n: string }
  /** With a state that came at any time, for any arguments. */
  | {
      readonly kind: "retry";
      readonly pick: number;
      readonly answer: HumanAnswer | "none";
      /** For other arguments than those that the state came for. */
      readonly instead: string | undefined;
    }
  /** To a question that was put at any time. */
  | { readonly kind: "answer"; readonly pick: number; readonly answer: HumanAnswer }
  | { readonly kind: "cancel"; readonly pick: number }
  | { readonly kind: "reload"; readonly pick: number }
  | { readonly kind: "wait"; readonly seconds: number }
  /** The server answers what it was asked last, or asks something itself. */
  | { readonly kind: "serve"; readonly asks: boolean };

const n = fc.constantFrom("x1", "x2", "x3");
const pick = fc.nat(5);
const answer = fc.constantFrom<HumanAnswer>("approve", "approve", "decline", "cancel", "nonsense");

const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("call" as const), n }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("retry" as const),
      pick,
      answer: fc.oneof(answer, fc.constant("none" as const)),
      instead: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: n }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("answer" as const), pick, answer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("reload" as const), pick }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 400 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("serve" as const), asks: fc.boolean() }) },
);

/** Plays the steps, and keeps book of who has approved what. */
class Game {
  readonly talk: Talk;
  /** By what they can be answered with: an id, a state, an id of the queue; with what they say is done. */
  private readonly questions = new Map<string, string>();
  private readonly approved = new Set<string>();
  private seen = 0;

  constructor(plot: Plot) {
    let tokens = 0;
    const token = (): string => Buffer.from(String((tokens += 1)).padStart(12, "0")).toString("base64url");
    this.talk = new Talk(plot, { policy: ASKS, options: { token } });
  }

  play(step: Step): void {
    this.act(step);
    this.look();
  }

  /** What may have been done by now, and what was: how often for each argument. */
  ledger(): { readonly approvals: Map<string, number>; readonly done: Map<string, number> } {
    const approvals = new Map<string, number>();
    for (const id of this.approved) count(approvals, this.questions.get(id) ?? "");
    const done = new Map<string, number>();
    for (const { params } of this.talk.done()) {
      // A later round of the same call goes on with the server's own state.
      if (isJsonObject(params) && params["requestState"] === undefined) count(done, argumentIn(params));
    }
    return { approvals, done };
  }

  private act(step: Step): void {
    const { talk } = this;
    const { stage } = talk;
    switch (step.kind) {
      case "call":
        talk.call({ n: step.n });
        return;
      case "retry":
        return this.retry(step);
      case "answer":
        return this.answer(step);
      case "cancel":
        talk.client({ method: "notifications/cancelled", params: { requestId: `call-${step.pick}` } });
        return;
      case "reload":
        talk.reload(POLICIES[step.pick % POLICIES.length] ?? ASKS);
        return;
      case "wait":
        stage.now += step.seconds * 1000;
        return;
      case "serve":
        return this.serve(step.asks);
    }
  }

  private retry({ pick: which, answer: said, instead }: Extract<Step, { kind: "retry" }>): void {
    const states = [...this.questions.keys()].filter((id) => id.startsWith("sealed:"));
    const requestState = states[which % Math.max(1, states.length)] ?? "none of ours";
    const given = said === "none" ? {} : { "mcprules.approve": FORM_ANSWERS[said] };
    if (said === "approve") this.approved.add(requestState);
    const args = { n: instead ?? this.questions.get(requestState) ?? "x1" };
    this.talk.retry({ inputResponses: given, requestState }, { name: "echo", arguments: args });
  }

  private answer({ pick: which, answer: said }: Extract<Step, { kind: "answer" }>): void {
    const ids = [...this.questions.keys()].filter((id) => !id.startsWith("sealed:"));
    const id = ids[which % Math.max(1, ids.length)];
    if (id === undefined) return;
    if (said === "approve") this.approved.add(id);
    if (this.talk.plot.channel === "queue") this.talk.decide(id, said === "approve");
    else this.talk.client({ id, result: FORM_ANSWERS[said] });
  }

  private serve(asks: boolean): void {
    const id = this.talk.done().at(-1)?.["id"];
    if (id === undefined) return;
    const isModern = this.talk.plot.serverEra === "modern";
    const questions = { who: { method: "roots/list" } };
    const asking = { resultType: "input_required", inputRequests: questions, requestState: "its" };
    const result = { content: [], ...(isModern && { resultType: "complete" }) };
    this.talk.server({ id, result: asks && isModern ? asking : result });
  }

  /** New questions among what was sent since. */
  private look(): void {
    for (const question of this.talk.stage.dispatcher.questions()) this.note(question.id, question.text);
    for (const [to, message] of this.talk.sent.slice(this.seen)) {
      if (to !== "client" || !isJsonObject(message)) continue;
      const { id, method, params, result } = message;
      if (method === "elicitation/create" && isJsonObject(params) && typeof id === "string")
        this.note(id, params["message"]);
      if (isJsonObject(result) && typeof result["requestState"] === "string")
        this.note(result["requestState"], messageIn(result["inputRequests"]));
    }
    this.seen = this.talk.sent.length;
  }

  private note(id: string, text: JsonValue | undefined): void {
    const [, argument = "none"] = /o (x\d)\./.exec(typeof text === "string" ? text : "") ?? [];
    if (!this.questions.has(id)) this.questions.set(id, argument);
  }
}

function messageIn(requests: JsonValue | undefined): JsonValue | undefined {
  const ours = isJsonObject(requests) ? requests["mcprules.approve"] : undefined;
  const params = isJsonObject(ours) ? ours["params"] : undefined;
  return isJsonObject(params) ? params["message"] : undefined;
}

function argumentIn({ arguments: args }: JsonObject): string {
  const n = isJsonObject(args) ? args["n"] : undefined;
  return typeof n === "string" ? n : "none";
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

describe.each(
  PLOTS.map((plot) => [`a ${plot.era} client, a ${plot.serverEra} server, by ${plot.channel}`, plot] as const),
)("%s", (_name, plot) => {
  test("nothing is done that nobody has approved, and nothing twice for one approval", () => {
    let done = 0;
    fc.assert(
      fc.property(fc.array(STEP, { minLength: 5, maxLength: 25 }), (steps) => {
        const game = new Game(plot);
        for (const step of steps) {
          game.play(step);
          const ledger = game.ledger();
          for (const [n, times] of ledger.done) {
            done += 1;
            expect(times).toBeLessThanOrEqual(ledger.approvals.get(n) ?? 0);
          }
        }
        const answered = game.talk.told().map(({ id }) => JSON.stringify(id));
        expect(answered.length).toBe(new Set(answered).size);
      }),
      { numRuns: 150 },
    );
    // Else nothing was tried.
    expect(done).toBeGreaterThan(50);
  });
});
