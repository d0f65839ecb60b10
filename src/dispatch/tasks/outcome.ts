// The outcome of a task is the reply of the request that made it, whichever message brings it.
import type { JsonValue } from "../../mcp/json.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Task } from "./task-book.ts";
import type { Outcome } from "./task-ids.ts";

/** `id`: of the message that asks for it. */
export function outcomeOf(session: ClientSession, { id }: Pick<Exchange, "id">, { server, origin }: Task): Outcome {
  const { method, name, thing, tags, secrets } = origin;
  const request = (): JsonValue => JSON.parse(origin.request) as JsonValue;
  return {
    facts: session.facts("result", method, "server", server, name, thing),
    asked: { tags, secrets, askersId: id, request },
  };
}
