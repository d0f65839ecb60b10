// What a server that sessions share needs around it: a way to its process, to the sessions, and to a clock.
import type { JsonObject } from "../../mcp/json.ts";
import type { Event, MessageBytes } from "../event.ts";
import type { ServerLife } from "../life/life-options.ts";
import type { JointMemory } from "./joint-memory.ts";

/** What one session is told of it. */
export type JointNews = Extract<Event, { readonly server: string }>;

/** What one shared server asks of the world. */
export interface JointHost {
  readonly server: string;
  readonly life: ServerLife;
  /** How the proxy introduces itself. */
  readonly proxy: JsonObject;
  /** Where sessions look up what it said. */
  readonly memory: JointMemory;
  /** A new id, as raw JSON text, of the one series that all requests to it are of, whoever makes them. */
  mint(): string;
  now(): number;
  open(): void;
  close(): void;
  send(bytes: MessageBytes): void;
  /** To one session, as if it had the server for itself. */
  tell(event: JointNews): void;
  after(milliseconds: number, action: () => void, spreadMs?: number): number;
  cancel(timer: number): void;
  report(level: "info" | "warn" | "error", text: string): void;
}
