// Refusals, as answers to the one who asked.
import type { Facts } from "../../engine/facts.ts";
import { refuse, type Refusal } from "../../engine/telling/refusal.ts";
import type { Exchange } from "./exchange.ts";
import type { Judged } from "../judge.ts";

/** `facts`: of the request, or of the reply that is not let through. */
export function answerRefused(exchange: Exchange, facts: Facts, { decision, revision }: Judged): void {
  answerWith(exchange, refuse(facts, decision, revision));
}

export function answerWith(exchange: Exchange, refusal: Refusal): void {
  switch (refusal.kind) {
    case "result":
      return exchange.result(refusal.result);
    case "error":
      return exchange.error(refusal.code, refusal.message, refusal.data);
    case "drop":
      return exchange.cancel();
  }
}
