// Whatever happens, in whatever order: every request is answered exactly once, or not at all if it was cancelled.
import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonObject, type JsonObject } from "../../src/mcp/json.ts";
import { answerSomehow } from "./gates/some-answer.ts";
import { ALLOW, asked, type Said, Stage } from "./stage.ts";

const SLOW = `default allow
rule calls when tools/call * ${asked("slow")} block "no"
rule results when result of tools/call * ${asked("slow")} block "no"
rule news when notifications/message ${asked("slow")} block`;

const GATED = `default allow
rule few when tools/call * limit 3 per 1m
rule keep when tools/call * cache for 1m by ("all")
rule note when tools/call other tag seen for 1h by ("all")
rule told when result of tools/call other tag seen for 1h by ("all")
rule stop when acme/ask with tags seen block
rule lists when tools/list limit 5 per 1m
rule questions when sampling/createMessage limit 2 per 1m else answer "later"
rule news when notifications/message tag told for 1h by ("all")
rule stop-news when notifications/message with tags told block`;

const action = fc.record({
  what: fc.constantFrom(
    "call",
    "ask",
    "list",
    "reply",
    "cancel",
    "question",
    "answer",
    "news",
    "evaluate",
    "swap",
    "die",
    "revive",
    "rubbish",
  ),
  server: fc.constantFrom("a", "b"),
  pick: fc.nat(20),
});
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

/** Plays a conversation and keeps book of what is asked and answered on both sides. */
class Conversation {
  readonly stage: Stage;
  /** By asker and id: how many answers came. */
  readonly answers = new Map<string, number>();
  readonly cancelled = new Set<string>();
  readonly dead = new Set<string>();
  /** What each peer was asked by the proxy, under the proxy's id. */
  private readonly asked: { readonly peer: string; readonly id: string }[] = [];
  private next = 0;
  private readonly policy: string;

  constructor(policy: string) {
    this.policy = policy;
    this.stage = Stage.open({ policy, servers: { a: {}, b: { tools: [{ name: "other", inputSchema: {} }] } } });
  }

  act({ what, server, pick }: Action): void {
    switch (what) {
      case "call":
        return this.request("client", "tools/call", { name: server === "a" ? "echo" : "other", arguments: {} });
      case "ask":
        return this.request("client", "acme/ask", {});
      case "list":
        return this.request("client", "tools/list", {});
      case "question":
        return this.dead.has(server) ? undefined : this.request(server, "sampling/createMessage", {});
      case "reply":
      case "answer":
        return this.reply(pick);
      case "cancel":
        return this.cancel(pick);
      case "news":
        return this.say(server, { method: "notifications/message", params: { level: "info", data: pick } });
      case "evaluate":
        return this.evaluate(pick);
      case "swap":
        return this.hear(this.stage.swap(pick % 2 === 0 ? ALLOW : this.policy));
      case "die":
        return pick < 3 ? this.die(server) : undefined;
      case "revive":
        return this.revive(server);
      case "rubbish":
        return this.hear(
          this.stage.happen({ kind: "server-message", client: "c", server, bytes: Buffer.from("rubbish") }),
        );
    }
  }

  /** All servers end, and everything that is still being evaluated comes to its end. */
  end(): void {
    for (const server of ["a", "b"]) this.die(server);
    while (this.stage.others.some(({ kind }) => kind === "answer-need")) this.evaluate(this.next);
    const timers = this.stage.others.slice();
    for (const command of timers) {
      if (command.kind === "set-timer") this.hear(this.stage.happen({ kind: "timer-fired", timer: command.timer }));
    }
  }

  /** A server that is gone, and one who cancels, may go without an answer. */
  mayHave(id: string, answers: number): boolean {
    return answers === 1 || (answers === 0 && (this.cancelled.has(id) || !id.startsWith("client")));
  }

  private request(from: string, method: string, params: JsonObject): void {
    this.next += 1;
    const id = `${from}-${this.next}`;
    this.answers.set(id, 0);
    this.say(from, { id, method, params });
  }

  private reply(pick: number): void {
    const question = this.asked[pick % Math.max(this.asked.length, 1)];
    if (question === undefined) return;
    this.asked.splice(this.asked.indexOf(question), 1);
    const tools = [{ name: question.peer === "a" ? "echo" : "other", inputSchema: {} }];
    this.say(question.peer, {
      id: question.id,
      ...(pick === 7 ? { error: { code: -32601, message: "?" } } : { result: { tools } }),
    });
  }

  private cancel(pick: number): void {
    const ids = [...this.answers.keys()];
    const id = ids[pick % Math.max(ids.length, 1)];
    if (id === undefined) return;
    this.cancelled.add(id);
    this.say(id.split("-")[0] ?? "", { method: "notifications/cancelled", params: { requestId: id } });
  }

  private evaluate(pick: number): void {
    this.hear(answerSomehow(this.stage, pick));
  }

  private die(server: string): void {
    this.dead.add(server);
    this.hear(this.stage.drop(server));
  }

  private revive(server: string): void {
    if (!this.dead.delete(server)) return;
    this.hear(this.stage.restart(server));
  }

  private say(from: string, message: JsonObject): void {
    if (from === "client") this.hear(this.stage.client(message));
    else if (!this.dead.has(from)) this.hear(this.stage.server(from, message));
  }

  private hear(said: readonly Said[]): void {
    for (const [to, message] of said) {
      if (!isJsonObject(message) || typeof message["id"] !== "string") continue;
      const { id, method } = message;
      if (method !== undefined) this.asked.push({ peer: to, id });
      else this.answers.set(id, (this.answers.get(id) ?? 0) + 1);
    }
  }
}

test.each([
  ["that takes long to be judged", SLOW],
  ["that is counted, kept, tagged and looked for", GATED],
])("every request %s is answered exactly once", (_what, policy) => {
  let lively = 0;
  fc.assert(
    fc.property(fc.array(action, { minLength: 10, maxLength: 60, size: "max" }), (actions) => {
      const conversation = new Conversation(policy);
      for (const one of actions) conversation.act(one);
      conversation.end();
      const wrong = [...conversation.answers].filter(([id, count]) => !conversation.mayHave(id, count));
      expect(wrong).toEqual([]);
      if (conversation.answers.size > 5) lively += 1;
    }),
    { numRuns: 200 },
  );
  expect(lively).toBeGreaterThan(100);
});
