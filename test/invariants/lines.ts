// Raw lines on the stage: what no JSON library would write, and what came of it.
import type { Event } from "../../src/dispatch/event.ts";
import type { JsonObject } from "../../src/mcp/json.ts";
import type { Said, Stage } from "../dispatch/stage.ts";

/** A key as AWS gives it, and the rule that masks it wherever it goes. */
export const KEY = "AKIAABCDEFGHIJKLMNOP";
export const MASK = 'default allow\nrule mask when message redact /AKIA[0-9A-Z]{16}/ as "***"';

/** `from`: `client`, or a server's name. */
export function eventOf(from: string, line: string | Buffer): Event {
  const bytes = Buffer.from(line);
  return from === "client"
    ? { kind: "client-message", client: "c", bytes }
    : { kind: "server-message", client: "c", server: from, bytes };
}

export function say(stage: Stage, from: string, line: string | Buffer): readonly Said[] {
  return stage.happen(eventOf(from, line));
}

export function tool(name: string, more: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: "object" }, ...more };
}

/** What went to somebody but the client. */
export function toServers(said: readonly Said[]): readonly Said[] {
  return said.filter(([to]) => to !== "client");
}

export function toClient(said: readonly Said[]): readonly Said[] {
  return said.filter(([to]) => to === "client");
}
