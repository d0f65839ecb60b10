// Answers, at once, what the engine asks of the world outside: from what a test is given of it.
import type { Answer, Asking, Need } from "../../engine/decision.ts";
import type { ModuleAnswer, ModuleCall } from "../../engine/need.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Modules, Outside } from "./outside.ts";

/** Expressions are left for others to evaluate. */
export function* answering<T>(asking: Asking<T>, outside: Outside, now: number): Asking<T> {
  let step = asking.next();
  while (step.done !== true) step = asking.next(answerTo(step.value, outside, now) ?? (yield step.value));
  return step.value;
}

function answerTo(need: Need, outside: Outside, now: number): Answer | undefined {
  switch (need.kind) {
    case "evaluate":
      return undefined;
    case "call":
      return { kind: "call", answers: need.calls.map((call) => answerOf(call, outside.modules)) };
    case "translate": {
      // What catalogues have, the engine has found by itself.
      const texts = need.translation.texts.map(() => undefined);
      return { kind: "translate", answer: { kind: "translated", texts, isPartial: false } };
    }
    case "tags": {
      const marks = need.keys.flatMap((key) => [...(outside.tags.get(key) ?? [])]);
      const tags = marks.flatMap(([name, endsAt]) => (endsAt > now ? [name] : []));
      return { kind: "tags", answer: { kind: "tags", tags: [...new Set(tags)] } };
    }
  }
}

function answerOf(call: ModuleCall, modules: Modules): ModuleAnswer {
  const said = modules.get(call.module);
  if (said === undefined) return { kind: "pass", used: [used(call, "none")] };
  if (said === "fails") {
    const failed = [used(call, "failed")];
    return call.fails === "open" ? { kind: "pass", used: failed } : { kind: "failed", reason: "error", used: failed };
  }
  return "valid" in said ? validated(call, said) : changed(call, said);
}

/** An object with `valid` is what a validator says. */
function validated(call: ModuleCall, said: JsonObject): ModuleAnswer {
  const { valid, severity, messages, info } = said;
  if (call.type !== "validation") return { kind: "pass", used: [used(call, "none")] };
  const isRejected = valid === false && severity !== "warn" && severity !== "info";
  if (!isRejected) return { kind: "pass", used: [used(call, "pass")] };
  const told = messages !== undefined && isJsonArray(messages) ? messages.flatMap(textIn) : [];
  const asks = isJsonObject(info) && info["dev.mcprules/verdict"] === "ask";
  return { kind: "rejected", messages: told, asks, mayTell: true, used: [used(call, "rejected")] };
}

function textIn(message: JsonValue): { readonly message: string }[] {
  if (typeof message === "string") return [{ message }];
  const text = isJsonObject(message) ? message["message"] : undefined;
  return typeof text === "string" ? [{ message: text }] : [];
}

/** Any other is the new payload, of the request or of the response, whichever it looks like. */
function changed(call: ModuleCall, payload: JsonObject): ModuleAnswer {
  const isRequest = "method" in payload && !("result" in payload) && !("error" in payload);
  const isMeant = call.type === "mutation" && isRequest === (call.phase === "request");
  return isMeant
    ? { kind: "changed", payload, used: [used(call, "changed")] }
    : { kind: "pass", used: [used(call, "none")] };
}

function used({ module }: ModuleCall, outcome: ModuleAnswer["used"][number]["outcome"]): ModuleAnswer["used"][number] {
  return { module, interceptor: module, ms: 0, outcome };
}
