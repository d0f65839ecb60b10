// A question that is open while whoever waits for the message waits on: answered, out of time, or withdrawn.
import type { Declined } from "../../engine/decision-record.ts";
import { composeNotification } from "../../message/compose.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { Exchange } from "../exchanges/exchange.ts";
import type { Hearing } from "../judge.ts";

export interface Answer {
  readonly outcome: "approved" | Declined;
  /** Who says so, as far as that is known. */
  readonly by?: string | undefined;
}

/** `left`: whoever waited does not wait any more. */
export type Ending = Answer | "left";

export interface Waiting {
  readonly exchange: Exchange;
  readonly hearing: Hearing;
  readonly withinMs: number;
  /** Puts the question. What it returns takes it back. */
  readonly put: (settle: (answer: Answer) => void) => (reason: string) => void;
  /** Called once. */
  readonly ended: (ending: Ending) => void;
}

/** Clients give up on a request of which they hear nothing: the official SDK after 60 s. */
const SIGN_OF_LIFE = 10_000;

export function waitForAnswer(session: ClientSession, { exchange, hearing, withinMs, put, ended }: Waiting): void {
  const { outside } = session;
  let isOpen = true;
  const end = (ending: Ending, reason?: string): void => {
    if (!isOpen) return;
    isOpen = false;
    outside.cancel(expiry);
    endLife();
    exchange.parts = exchange.parts.filter((part) => part !== leaving);
    if (reason !== undefined) withdraw(reason);
    outside.workOn(exchange);
    ended(ending);
  };
  // Whoever cancels the request takes the question back.
  const leaving = new Exchange(exchange.id, undefined, () => end("left", "nobody waits for it any more"));
  exchange.parts = [...exchange.parts, leaving];
  const expiry = outside.after(withinMs, () => end({ outcome: "expired" }, "nobody answered in time"));
  const endLife = showLife(session, hearing, exchange);
  const withdraw = put(end);
}

/** Only to who asked to hear of progress. What is returned ends it. */
function showLife(session: ClientSession, hearing: Hearing, exchange: Exchange): () => void {
  const { outside } = session;
  const { token } = exchange;
  if (token === undefined) return () => undefined;
  let count = 0;
  const tell = (): void => {
    count += 1;
    // It has to grow, and whatever the server tells afterwards should be more.
    const params = { progressToken: JSON.parse(token.text) as string | number, progress: count / 1000, message: WAITS };
    tellAsker(session, hearing, exchange, composeNotification("notifications/progress", params));
    timer = outside.after(SIGN_OF_LIFE, tell);
  };
  let timer = outside.after(SIGN_OF_LIFE, tell);
  return () => outside.cancel(timer);
}

const WAITS = "waiting for somebody to approve this";

function tellAsker(session: ClientSession, hearing: Hearing, { stream }: Exchange, bytes: Buffer): void {
  const { clientsRequest, facts } = hearing;
  const isClients = clientsRequest !== undefined || (facts.kind === "request") === (facts.from === "client");
  if (isClients) session.client.send([bytes], stream);
  else if (facts.server !== undefined) session.link(facts.server)?.send([bytes]);
}
