// What a test has in the place of the world outside: a human, modules, counters, tags that last, answers that were kept.
import type { JsonObject } from "../../mcp/json.ts";

export interface Outside {
  /** What a human says who is asked; `undefined`: nobody has answered yet. */
  readonly human: "approves" | "declines" | undefined;
  /** What modules return, by their names. One that is not here has nothing to say. */
  readonly modules: Modules;
  readonly counters: ReadonlyMap<string, Counter>;
  /** By whose they are, and by tag: until when. Milliseconds since 1970. */
  readonly tags: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly answers: ReadonlyMap<string, KeptAnswer>;
}

export type Modules = ReadonlyMap<string, JsonObject | "fails">;

/** One window, which begins with the first message that it counts. */
export interface Counter {
  readonly used: number;
  readonly endsAt: number;
}

export interface KeptAnswer {
  /** As the server sent it. */
  readonly result: JsonObject;
  readonly endsAt: number;
}

export const NOBODY_OUTSIDE: Outside = {
  human: undefined,
  modules: new Map(),
  counters: new Map(),
  tags: new Map(),
  answers: new Map(),
};
