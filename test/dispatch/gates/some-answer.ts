// Whatever was asked of the world first, answered in one of the ways it may be.
import type { Asks, Told } from "../../../src/dispatch/event.ts";
import type { StoreAnswer, StoreNeed } from "../../../src/dispatch/gates/store-need.ts";
import type { Said, Stage } from "../stage.ts";

/** What a server might have said of a call. */
const KEPT = '{"v":1,"asked":9e15,"at":9e15,"owner":"somebody","isPrivate":false,"result":"{\\"content\\":[]}"}';
const FAILED = { kind: "failed", reason: "it is gone" } as const;

export function answerSomehow(stage: Stage, pick: number): readonly Said[] {
  const [asks] = stage.asked();
  return asks === undefined ? [] : stage.tell(someAnswer(asks, pick));
}

function someAnswer(asks: Asks, pick: number): Told {
  switch (asks.kind) {
    case "store":
      return { kind: "store", answer: pick % 7 === 0 ? FAILED : storeAnswer(asks.store, pick) };
    case "evaluate":
      return { kind: "evaluate", answer: { kind: "value", value: pick % 3 === 0 } };
    case "tags":
      return { kind: "tags", answer: pick % 5 === 0 ? FAILED : { kind: "tags", tags: pick % 2 === 0 ? ["seen"] : [] } };
    case "call":
    case "translate":
    case "client-said":
      throw new Error(`nobody is there to ${asks.kind}`);
  }
}

function storeAnswer(need: StoreNeed, pick: number): StoreAnswer {
  switch (need.kind) {
    case "reserve":
      return pick % 3 === 0 ? { kind: "over", index: 0, retryAfterMs: 1000 } : { kind: "reserved" };
    case "recall":
      return { kind: "recalled", value: pick % 2 === 0 ? KEPT : undefined };
    case "fetch":
      return { kind: "recalled", value: undefined };
    case "spend":
      return { kind: "spent", isFirst: pick % 2 === 0 };
    case "keep":
    case "mark":
    case "park":
      return { kind: "kept" };
  }
}
