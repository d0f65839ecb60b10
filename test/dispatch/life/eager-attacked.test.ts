// Servers that are only remembered yet, against whatever may come before they are up: nobody is called by what it did not list itself, every request is answered once, and names stay whose they are.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { isJsonObject } from "../../../src/mcp/json.ts";
import { ALLOW, modern, type Said, Stage } from "../stage.ts";
import { CALL, ECHO, enter, greeted, listed, type Play, playOn, raise, sent, toClient } from "./eager-scene.ts";

const POLICY = `${ALLOW}\nrule wild\n  when tool *\n  with annotations.destructiveHint true\n  block`;
const STRICT = `${POLICY}\nrule none when tool t2 block`;
const NAMES = ["t1", "t2"];

/** Names, and whether they are destructive. */
type Tools = readonly (readonly [string, boolean])[];

const tools = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.boolean()), { maxLength: 3 })
  .map((all): Tools => Array.from(new Map(all)));
const call = fc.record({ does: fc.constant("call" as const), name: fc.constantFrom(...NAMES) });
const open = fc.record({ does: fc.constant("open" as const) });
const reply = fc.record({ does: fc.constant("reply" as const), tools, isRefusal: fc.constantFrom(true, ...no(9)) });
const between = fc.oneof(
  { weight: 4, arbitrary: call },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom("cancel" as const, "drop" as const, "change" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("swap" as const), policy: fc.constantFrom(POLICY, STRICT) }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("stick" as const), isStuck: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("fire" as const), index: fc.nat(5) }) },
);
const few = fc.array(between, { maxLength: 2 });
const rest = fc.array(fc.oneof(between, reply, open), { maxLength: 15, size: "max" });
const acts = fc.tuple(few, open, few, reply, few, reply, few, reply, rest).map((all) => all.flat());
type Act = typeof acts extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

const SERVER = { client: "d", server: "a" };
const HANDSHAKE = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: { listChanged: true } },
  serverInfo: {},
};

function no(times: number): readonly boolean[] {
  return Array.from({ length: times }, () => false);
}

function listOf(all: Tools): readonly JsonObject[] {
  return all.map(([name, destructiveHint]) => ({ name, inputSchema: {}, annotations: { destructiveHint } }));
}

/** A second client, whose server is remembered, and all that is to be watched of them. */
class Watched {
  calls = 0;
  /** Tools that its server must not have been called for. */
  readonly wrong: JsonValue[] = [];
  private readonly stage: Stage;
  private policy = POLICY;
  private isUp = false;
  /** As its own server listed it last. */
  private own: Tools | undefined;
  private unanswered: JsonObject[] = [];
  private readonly answers = new Map<JsonValue, number>();
  private readonly cancelled = new Set<JsonValue>();
  private readonly timers = new Map<number, number>();

  constructor(remembered: Tools) {
    this.stage = greeted({ tools: listOf(remembered) }, { policy: POLICY });
    this.hear(enter(this.stage, "d"));
  }

  act(act: Act): void {
    const { stage } = this;
    switch (act.does) {
      case "call":
        this.answers.set(this.answers.size, 0);
        return this.hear(stage.client({ ...CALL, id: this.answers.size - 1, params: { name: act.name } }, "d"));
      case "cancel":
        return this.cancel(this.answers.size - 1);
      case "open":
        if (!this.isUp) this.hear(this.up());
        return;
      case "drop":
        if (this.isUp) this.hear(this.down());
        return;
      case "change":
        // Later, what it listed before stands until it has said what it has.
        if (this.isUp && this.own === undefined) this.say({ method: "notifications/tools/list_changed" });
        return;
      case "reply":
        return this.reply(act.tools, act.isRefusal);
      case "swap":
        this.policy = act.policy;
        return this.hear(stage.swap(act.policy));
      case "stick":
        if (this.isUp) this.hear(stage.happen({ kind: "server-stuck", ...SERVER, isStuck: act.isStuck }));
        return;
      case "fire":
        return this.fire([...this.timers.keys()][act.index]);
    }
  }

  /** All the time that there is passes. */
  end(): readonly number[] {
    for (let times = 0; times < 100; times++) this.fire([...this.timers].toSorted(([, a], [, b]) => a - b)[0]?.[0]);
    return [...this.answers].map(([id, count]) => (this.cancelled.has(id) ? count + 1 : count));
  }

  private cancel(id: number): void {
    if (this.answers.get(id) !== 0 || this.cancelled.has(id)) return;
    this.cancelled.add(id);
    this.hear(this.stage.client({ method: "notifications/cancelled", params: { requestId: id } }, "d"));
  }

  private up(): readonly Said[] {
    this.isUp = true;
    this.unanswered = [];
    return this.stage.happen({ kind: "server-opened", ...SERVER });
  }

  private down(): readonly Said[] {
    this.isUp = false;
    return this.stage.happen({ kind: "server-closed", ...SERVER, reason: "x" });
  }

  private say(message: JsonObject): void {
    this.hear(this.stage.server("a", message, "d"));
  }

  private reply(list: Tools, isRefusal: boolean): void {
    const question = this.isUp ? this.unanswered.shift() : undefined;
    if (question === undefined) return;
    const { id = null, method } = question;
    const error = { code: -32000, message: "not today" };
    if (method === "tools/list" && !isRefusal) this.own = list;
    if (isRefusal) this.say({ id, error });
    else this.say({ id, result: method === "initialize" ? HANDSHAKE : { tools: listOf(list), content: [] } });
  }

  private fire(timer: number | undefined): void {
    if (timer === undefined) return;
    this.stage.now += this.timers.get(timer) ?? 0;
    this.timers.delete(timer);
    this.hear(this.stage.happen({ kind: "timer-fired", timer }));
  }

  private hear(said: readonly Said[]): void {
    for (const command of this.stage.others.splice(0)) {
      if (command.kind === "set-timer" && command.spreadMs === undefined)
        this.timers.set(command.timer, command.afterMs);
      if (command.kind === "clear-timer") this.timers.delete(command.timer);
      if (command.kind === "close-server") this.isUp = false;
    }
    for (const [to, message] of said) {
      if (!isJsonObject(message)) continue;
      const { id = null, method } = message;
      const answers = this.answers.get(id);
      if (to === "client" && answers !== undefined) this.answers.set(id, answers + 1);
      if (to === "a" && method === "tools/call") this.checkCall(message);
      if (to === "a" && id !== null) this.unanswered.push(message);
      // What it says to that all the same is nobody's answer.
      if (to === "a" && method === "notifications/cancelled") this.drop(message);
    }
  }

  private drop({ params }: JsonObject): void {
    const cancelled = isJsonObject(params) ? params["requestId"] : undefined;
    this.unanswered = this.unanswered.filter(({ id }) => id !== cancelled);
  }

  private checkCall({ params }: JsonObject): void {
    this.calls += 1;
    const name = isJsonObject(params) ? params["name"] : undefined;
    const [, isWild] = this.own?.find(([one]) => one === name) ?? [name, undefined];
    if (isWild !== false || (name === "t2" && this.policy === STRICT)) this.wrong.push(name ?? null);
  }
}

test("whatever comes before a server is up, and while it comes", () => {
  let calls = 0;
  fc.assert(
    fc.property(tools, acts, (remembered, all) => {
      const watched = new Watched(remembered);
      for (const act of all) watched.act(act);
      for (const answers of watched.end()) expect(answers).toBe(1);
      expect(watched.wrong).toEqual([]);
      calls += watched.calls;
    }),
    { numRuns: 150 },
  );
  expect(calls).toBeGreaterThan(20);
});

describe("while a server is only remembered", () => {
  test("calls reach it in the order in which they came", () => {
    const stage = greeted();
    enter(stage, "d");
    for (const id of [7, 8, 9]) stage.client({ ...CALL, id, params: { name: "echo", arguments: { id } } }, "d");
    const told = raise(stage, "d").flatMap(([, message]) => (isCall(message) ? [message] : []));
    expect(told).toMatchObject([7, 8, 9].map((id) => ({ params: { arguments: { id } } })));
  });

  test("a call that waits is judged by the policy that is in force when it goes on", () => {
    const stage = greeted();
    enter(stage, "d");
    stage.client(CALL, "d");
    stage.swap(`${ALLOW}\nrule none when tool echo block`);
    const said = raise(stage, "d");
    expect(sent(said, "tools/call")).toBeUndefined();
    expect(toClient(said)).toMatchObject([{ id: 7, error: { code: -32602 } }]);
  });

  test("the log level that was set last is the last that it is told, as the rules have it", () => {
    const play = { capabilities: { tools: {}, logging: {} } };
    const policy = `${ALLOW}\nrule less when logging/setLevel with level "debug" set level = "error"`;
    const stage = greeted(play, { policy });
    enter(stage, "d");
    for (const level of ["info", "debug"])
      stage.client({ id: level, method: "logging/setLevel", params: { level } }, "d");
    const told = raise(stage, "d", play).filter(([, message]) => isOf("logging/setLevel", message));
    expect(told.at(-1)).toMatchObject(["a", { params: { level: "error" } }]);
  });

  test("a client of the modern era that listens is told once that its tools are others", () => {
    const stage = new Stage();
    for (const client of ["c", "d"]) {
      stage.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
      stage.client(modern("hello", "server/discover"), client);
      if (client === "c") raise(stage, client);
    }
    stage.client(modern(4, "subscriptions/listen", { notifications: { toolsListChanged: true } }), "d");
    expect(toClient(raise(stage, "d", { tools: [] }))).toMatchObject([{ method: "notifications/tools/list_changed" }]);
  });
});

describe("a name goes to nobody else", () => {
  test.each<readonly [string, Play]>([
    ["will not list what it has", { refuses: ["tools/list"] }],
    ["has no tools any more", { capabilities: {} }],
    ["lists nothing", { tools: [] }],
  ])("where its owner %s", (_what, play) => {
    const stage = remembering({ a: {}, b: {} });
    expect(listed(stage)).toMatchObject({ tools: [{ name: "echo" }, { name: "b__echo" }] });
    raise(stage, "d", play);
    raise(stage, "d", {}, "b");
    expect(sent(playOn(stage, "d", play, stage.client(CALL, "d")), "tools/call", "b")).toBeUndefined();
  });

  test("where one that stands before its owner has it now, and its owner will not list what it has", () => {
    const stage = remembering({ a: { tools: [] }, b: {} });
    raise(stage, "d");
    expect(listed(stage)).toMatchObject({ tools: [{ name: "a__echo" }, { name: "echo" }] });
    const failing = { refuses: ["tools/list"] };
    raise(stage, "d", failing, "b");
    const said = playOn(stage, "d", failing, playOn(stage, "d", {}, stage.client(CALL, "d")), "b");
    expect(sent(said, "tools/call")).toBeUndefined();
  });

  /** What the servers of a first client had; those of the second are not up. */
  function remembering(plays: Readonly<Record<string, Play>>): Stage {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    enter(stage, "c");
    for (const [server, play] of Object.entries(plays)) raise(stage, "c", { tools: [ECHO], ...play }, server);
    enter(stage, "d");
    return stage;
  }
});

function isOf(method: string, message: JsonValue): boolean {
  return isJsonObject(message) && message["method"] === method;
}

function isCall(message: JsonValue): boolean {
  return isOf("tools/call", message);
}
