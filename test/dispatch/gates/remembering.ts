// A stage whose store keeps what it is told to, and answers at once.
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { hello, type Said, type Scene, Stage } from "../stage.ts";

export const KEEPS = "default allow\nrule keep when tools/call * cache for 1m";

export function answer(id: JsonValue, text = "there", more: JsonObject = {}): JsonObject {
  return { id, result: { content: [{ type: "text", text }], ...more } };
}

/** A store that keeps what it is told to, and answers at once. */
export class Remembering {
  readonly stage: Stage;
  readonly kept = new Map<string, string>();

  constructor(scene: Scene = {}, era: "legacy" | "modern" = "legacy") {
    this.stage = Stage[era === "legacy" ? "open" : "modern"]({ policy: KEEPS, ...scene });
  }

  /** Whatever follows, once nobody waits for the store. */
  after(said: readonly Said[]): readonly Said[] {
    const all = [...said];
    for (let [asks] = this.stage.asked(); asks !== undefined; [asks] = this.stage.asked()) {
      if (asks.kind !== "store") throw new Error("only the store is asked");
      const { store } = asks;
      if (store.kind === "keep") this.kept.set(store.key, store.value);
      const value = store.kind === "recall" ? this.kept.get(store.key) : undefined;
      all.push(...this.stage.remembers(store.kind === "recall" ? { kind: "recalled", value } : { kind: "kept" }));
    }
    return all;
  }

  client(message: JsonObject, client = "c"): readonly Said[] {
    return this.after(this.stage.client(message, client));
  }

  server(message: JsonObject, client = "c"): readonly Said[] {
    return this.after(this.stage.server("a", message, client));
  }

  /** Another client, whose servers are up. */
  join(client: string, who: Scene["who"] = { user: undefined, profile: undefined }): void {
    this.stage.happen({ kind: "client-opened", client, ...who });
    this.stage.client(hello(), client);
    for (const [, message] of this.stage.happen({ kind: "server-opened", client, server: "a" }))
      this.greet(client, message);
    this.stage.client({ method: "notifications/initialized" }, client);
  }

  private greet(client: string, message: JsonValue): void {
    if (!isJsonObject(message) || message["id"] === undefined) return;
    const tools = [{ name: "echo", inputSchema: {} }];
    const result =
      message["method"] === "initialize"
        ? { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "x", version: "1" } }
        : { tools };
    for (const [to, next] of this.stage.server("a", { id: message["id"], result }, client))
      if (to === "a") this.greet(client, next);
  }

  caches(): readonly JsonValue[] {
    const records = this.stage.records().filter(({ kind }) => kind === "request");
    return records.map(({ cache }) => cache ?? null);
  }
}

export function toServer(said: readonly Said[]): readonly Said[] {
  return said.filter(([to]) => to === "a");
}

/** Under which id the server was asked. */
export function askedAs(said: readonly Said[]): JsonValue {
  const message = toServer(said)[0]?.[1];
  return isJsonObject(message) ? (message["id"] ?? null) : null;
}

export const ASKED = [["a", { method: "tools/call" }]];
export const USER = (id: string, iss = "https://x") => ({
  user: { id, groups: [], claims: { iss } },
  profile: undefined,
});
