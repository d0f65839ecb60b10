// In the modern era too: whatever happens, in whatever order, every request is answered exactly once, or not at all if it was cancelled.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";
import { answerSomehow } from "./gates/some-answer.ts";
import { asked, modern, type Said, Stage } from "./stage.ts";

const SLOW = `default allow
rule calls when tools/call * ${asked("slow")} block "no"
rule questions when elicitation/create from server ${asked("slow")} block
rule answers when result of elicitation/create ${asked("slow")} block
rule results when result of tools/call * ${asked("slow")} block "no"`;

const GATED = `default allow
rule few when tools/call * limit 3 per 1m
rule keep when tools/call * cache for 1m by ("all")
rule note when tools/call new tag seen for 1h by ("all")
rule told when result of tools/call * tag seen for 1h by ("all")
rule stop when tools/call old with tags seen block
rule questions when elicitation/create from server limit 2 per 1m`;

const action = fc.record({
  what: fc.constantFrom(
    "call",
    "call",
    "retry",
    "retry",
    "reply",
    "inquire",
    "question",
    "cancel",
    "evaluate",
    "die",
    "later",
  ),
  server: fc.constantFrom("legacy", "modern"),
  pick: fc.nat(20),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

const FORM = { method: "elicitation/create", params: { message: "Who?", requestedSchema: {} } };
const ACCEPTED = { action: "accept", content: { name: "Ada" } };

/** A client of one era, with a server of each. */
class Conversation {
  readonly stage: Stage;
  /** By id: how many answers came. */
  readonly answers = new Map<string, number>();
  /** Questions of servers, by their ids. */
  readonly questions = new Map<string, number>();
  readonly cancelled = new Set<string>();
  rounds = 0;
  /** States for calls at the modern server, and how many of its calls went on with one. */
  given = 0;
  continued = 0;
  private readonly isModern: boolean;
  private readonly dead = new Set<string>();
  /** What each server, and a legacy client, was asked by the proxy. */
  private readonly asked: { readonly peer: string; readonly id: JsonValue }[] = [];
  /** What the client was asked in results. */
  private readonly open: {
    readonly tool: string;
    readonly requestState: JsonValue;
    readonly keys: readonly string[];
  }[] = [];
  private readonly toolOf = new Map<string, string>();
  private next = 0;

  constructor(era: "legacy" | "modern", policy: string, sharesStore: boolean) {
    const tool = (name: string): JsonObject => ({ name, inputSchema: {} });
    const servers = { legacy: { tools: [tool("old")] }, modern: { era: "modern" as const, tools: [tool("new")] } };
    this.isModern = era === "modern";
    const scene = { policy, servers, options: { sharesStore } };
    this.stage = this.isModern ? Stage.modern(scene) : Stage.open(scene);
  }

  act({ what, server, pick }: Action): void {
    switch (what) {
      case "call":
        return this.request(server === "legacy" ? "old" : "new", {});
      case "retry":
        return this.retry(pick);
      case "reply":
        return this.reply(pick, { result: { resultType: "complete", content: [] } });
      case "inquire":
        return this.reply(pick, {
          result: { resultType: "input_required", inputRequests: { k: FORM }, requestState: "s" },
        });
      case "question":
        return this.question();
      case "cancel":
        return this.cancel(pick);
      case "evaluate":
        return this.evaluate(pick);
      case "die":
        return pick < 2 ? this.die(server) : undefined;
      case "later":
        this.stage.now += 60_000;
        return undefined;
    }
  }

  /** All servers end, everything is evaluated, and every timer fires. */
  end(): void {
    for (const server of ["legacy", "modern"]) this.die(server);
    while (this.stage.others.some(({ kind }) => kind === "answer-need")) this.evaluate(this.next);
    for (const command of this.stage.others.filter(({ kind }) => kind === "set-timer")) {
      if (command.kind === "set-timer") this.hear(this.stage.happen({ kind: "timer-fired", timer: command.timer }));
    }
  }

  private request(tool: string, more: JsonObject): void {
    this.next += 1;
    const id = `call-${this.next}`;
    const params = { name: tool, arguments: {}, ...more };
    this.answers.set(id, 0);
    this.toolOf.set(id, tool);
    this.hear(
      this.stage.client(this.isModern ? modern(id, "tools/call", params) : { id, method: "tools/call", params }),
    );
  }

  private retry(pick: number): void {
    const round = this.open[pick % Math.max(this.open.length, 1)];
    if (round === undefined) return;
    const { tool, requestState, keys } = round;
    const inputResponses = Object.fromEntries((pick % 4 === 0 ? [] : keys).map((key) => [key, ACCEPTED]));
    // Some states are used twice.
    if (pick % 5 !== 0) this.open.splice(this.open.indexOf(round), 1);
    this.request(tool, { requestState, inputResponses });
  }

  private reply(pick: number, outcome: JsonObject): void {
    const request = this.asked[pick % Math.max(this.asked.length, 1)];
    if (request === undefined) return;
    this.asked.splice(this.asked.indexOf(request), 1);
    const { peer, id } = request;
    if (peer === "client") this.hear(this.stage.client({ id, result: ACCEPTED }));
    else if (peer === "modern") this.say(peer, { id, ...outcome });
    else this.say(peer, { id, result: { content: [] } });
  }

  private question(): void {
    if (this.dead.has("legacy")) return;
    this.next += 1;
    this.questions.set(`question-${this.next}`, 0);
    this.say("legacy", { id: `question-${this.next}`, ...FORM });
  }

  private cancel(pick: number): void {
    const id = [...this.answers.keys()][pick];
    if (id === undefined) return;
    this.cancelled.add(id);
    this.hear(this.stage.client({ method: "notifications/cancelled", params: { requestId: id } }));
  }

  private evaluate(pick: number): void {
    this.hear(answerSomehow(this.stage, pick));
  }

  private die(server: string): void {
    if (this.dead.has(server)) return;
    this.dead.add(server);
    this.hear(this.stage.drop(server));
  }

  private say(server: string, message: JsonObject): void {
    if (!this.dead.has(server)) this.hear(this.stage.server(server, message));
  }

  private hear(said: readonly Said[]): void {
    for (const [to, message] of said) {
      if (!isJsonObject(message) || message["id"] === undefined) continue;
      const { id, method, result, params } = message;
      if (to === "modern" && isJsonObject(params) && params["requestState"] === "s") this.continued += 1;
      if (method !== undefined) this.asked.push({ peer: to, id });
      else if (to === "client" && typeof id === "string") this.answered(id, result);
      else if (typeof id === "string") this.questions.set(id, (this.questions.get(id) ?? 0) + 1);
    }
  }

  private answered(id: string, result: JsonValue | undefined): void {
    this.answers.set(id, (this.answers.get(id) ?? 0) + 1);
    if (!isJsonObject(result) || result["resultType"] !== "input_required") return;
    const { requestState = null, inputRequests } = result;
    this.rounds += 1;
    if (this.toolOf.get(id) === "new") this.given += 1;
    this.open.push({
      tool: this.toolOf.get(id) ?? "",
      requestState,
      keys: Object.keys(isJsonObject(inputRequests) ? inputRequests : {}),
    });
  }
}

const actions = fc.array(action, { minLength: 10, maxLength: 60, size: "max" });

test.each([
  ["legacy", 0],
  ["modern", 100],
] as const)("every request of a %s client is answered exactly once", (era, fewestRounds) => {
  let rounds = 0;
  fc.assert(
    fc.property(actions, fc.constantFrom("default allow", SLOW, GATED), fc.boolean(), (acts, policy, sharesStore) => {
      const conversation = new Conversation(era, policy, sharesStore);
      for (const one of acts) conversation.act(one);
      conversation.end();
      const { answers, questions, cancelled } = conversation;
      const wrong = [...answers].filter(([id, count]) => count > 1 || (count === 0 && !cancelled.has(id)));
      expect(wrong).toEqual([]);
      // A server that is gone needs no answer; nobody gets two.
      expect([...questions].filter(([, count]) => count > 1)).toEqual([]);
      expect(conversation.stage.reports().filter((text) => text.includes("bug"))).toEqual([]);
      // No state is good twice. (Where rules answer, and where a legacy client is asked, none is given.)
      const { given, continued } = conversation;
      expect(continued).toBeLessThanOrEqual(era === "modern" && policy === "default allow" ? given : continued);
      rounds += conversation.rounds;
    }),
    { numRuns: 120 },
  );
  // Of legacy clients nothing is asked in results.
  expect(rounds).toBeGreaterThanOrEqual(fewestRounds);
});
