// Sessions with a server each: what lists the same is kept and looked at once, and what does not stays apart.
import { describe, expect, test } from "vitest";
import type { Event } from "../../../src/dispatch/event.ts";
import { ListMemory } from "../../../src/dispatch/lists/list-memory.ts";
import type { KnownList } from "../../../src/dispatch/lists/server-list.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { ALLOW, hello, revisionOf, Stage } from "../stage.ts";

const listOf = (text: string, extras: ReadonlyMap<string, string> = new Map()): KnownList => ({
  entries: [{ definition: JSON.parse(text) as JsonObject, bytes: Buffer.from(text) }],
  extras,
});
const ECHO = '{"name":"echo"}';

describe("of one server", () => {
  test("the same list again is the one that is known, byte for byte", () => {
    const memory = new ListMemory();
    const first = memory.one("tool", listOf(ECHO));
    expect(memory.one("tool", listOf(ECHO))).toBe(first);
    expect(memory.one("prompt", first)).toBe(first);
  });

  test.each([
    ["spelt otherwise", listOf('{"name": "echo"}')],
    ["of other things", listOf('{"name":"said"}')],
    ["with something beside its things", listOf(ECHO, new Map([["_meta", "{}"]]))],
    ["with nothing in it", { entries: [], extras: new Map<string, string>() }],
  ])("a list %s is another", (_how, other) => {
    const memory = new ListMemory();
    memory.one("tool", listOf(ECHO));
    expect(memory.one("tool", other)).toBe(other);
  });

  test("what was made of a list holds for this list, these rules and clients that are the same to them", () => {
    const memory = new ListMemory();
    const principal = { client: { name: "n" }, user: undefined, profile: undefined };
    const review = { of: listOf(ECHO), revision: revisionOf(ALLOW), principal, things: [] };
    memory.keepReview("tool", review);
    expect(memory.reviewed("tool", { ...review, principal: { ...principal } })).toBe(review.things);
    expect(memory.reviewed("prompt", review)).toBeUndefined();
    expect(memory.reviewed("tool", { ...review, of: listOf(ECHO) })).toBeUndefined();
    expect(memory.reviewed("tool", { ...review, revision: revisionOf(ALLOW) })).toBeUndefined();
    expect(memory.reviewed("tool", { ...review, principal: { ...principal, client: undefined } })).toBeUndefined();
  });
});

describe("of several sessions with a server each", () => {
  const TOOLS: Readonly<Record<string, string>> = { one: "echo", two: "say", three: "say", four: "echo" };

  test("each is shown what its own server lists, and then what its server lists anew", () => {
    const sessions = new Sessions(TOOLS);
    for (const client of Object.keys(TOOLS)) sessions.enter(client);
    expect(Object.keys(TOOLS).map((client) => sessions.shown(client))).toEqual(["echo", "say", "say", "echo"]);
    sessions.tools = { ...TOOLS, two: "echo" };
    sessions.server("two", { method: "notifications/tools/list_changed" });
    expect(Object.keys(TOOLS).map((client) => sessions.shown(client))).toEqual(["echo", "echo", "say", "echo"]);
  });
});

/** Servers that answer at once, each with the tool of its client. */
class Sessions {
  private readonly stage = new Stage();
  private readonly heard = new Map<string, JsonObject>();

  tools: Readonly<Record<string, string>>;

  constructor(tools: Readonly<Record<string, string>>) {
    this.tools = tools;
  }

  enter(client: string): void {
    this.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
    this.happen({ kind: "server-opened", client, server: "a" });
    this.client(client, hello());
    this.client(client, { method: "notifications/initialized" });
  }

  shown(client: string): unknown {
    this.client(client, { id: 1, method: "tools/list" });
    const { result } = this.heard.get(client) ?? {};
    return isJsonObject(result) && Array.isArray(result["tools"]) ? nameOf(result["tools"]) : undefined;
  }

  server(client: string, message: JsonObject): void {
    this.happen({ kind: "server-message", client, server: "a", bytes: bytesOf(message) });
  }

  private client(client: string, message: JsonObject): void {
    this.happen({ kind: "client-message", client, bytes: bytesOf(message) });
  }

  private happen(event: Event): void {
    for (const command of this.stage.dispatcher.handle(event, this.stage.now)) {
      if (command.kind !== "to-client" && command.kind !== "to-server") continue;
      const message = JSON.parse(Buffer.concat(command.bytes).toString()) as JsonObject;
      if (command.kind === "to-client") this.heard.set(command.client, message);
      else if (message["id"] !== undefined)
        this.server(command.client, { id: message["id"], result: this.resultOf(command.client, message) });
    }
  }

  private resultOf(client: string, { method }: JsonObject): JsonObject {
    if (method !== "initialize") return { tools: [{ name: this.tools[client] ?? "", inputSchema: {} }] };
    return { protocolVersion: "2025-11-25", capabilities: { tools: { listChanged: true } }, serverInfo: {} };
  }
}

function nameOf([first]: readonly JsonValue[]): JsonValue | undefined {
  return isJsonObject(first) ? first["name"] : undefined;
}

function bytesOf(message: JsonObject): Buffer {
  return Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
}
