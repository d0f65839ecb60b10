// One message from a file, explained: who had a say in it, what was changed, and what the other side gets.
import type { Asking, Content } from "../engine/decision.ts";
import type { Principal } from "../engine/facts.ts";
import type { Revision } from "../engine/policy-store.ts";
import type { JsonObject } from "../mcp/json.ts";
import { answering } from "./answer-needs.ts";
import { openConversation, type Conversation } from "./conversation.ts";
import { explain, type Explanation } from "./explanation.ts";
import { reply } from "./reply.ts";
import { sendMessage, serverOf, type Message } from "./send.ts";
import type { ServerList } from "./test-catalogue.ts";

export interface Question {
  readonly message: Message;
  /** `{result}` or `{error}`: what came back, and is to be explained too. */
  readonly reply: Content | undefined;
  /** What the server offers, as far as it is known: its definitions are what rules about things look at. */
  readonly offers: readonly Omit<ServerList, "server">[];
  readonly principal: Principal;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Explained {
  readonly explanation: Explanation;
  /**
   * As the other side gets it, or its sender when it is refused or answered; empty: dropped, or waiting in the queue. Of a
   * question that may be put either way: the form, which a client gets that can show it.
   */
  readonly outcome: JsonObject;
}

export interface ExplainedMessage {
  readonly request: Explained;
  /** Absent: none was given, or the request went nowhere. */
  readonly reply: Explained | undefined;
}

export function* explainMessage(revision: Revision, question: Question): Asking<ExplainedMessage> {
  const { message, principal, now } = question;
  const server = serverOf(revision, message.server);
  const lists = question.offers.map((offer) => ({ ...offer, server }));
  const sent = yield* sendMessage(revision, { ...openConversation(now), principal, lists }, message);
  const request = yield* explained(revision, sent);
  if (!question.reply || !sent.pending) return { request, reply: undefined };
  const replied = yield* reply(revision, sent, sent.pending, question.reply);
  return { request, reply: yield* explained(revision, replied) };
}

/** Whoever may use the proxy's control socket decides, and neither side gets anything meanwhile. */
export function waitsInQueue({ gates }: Explanation): boolean {
  return gates.some((gate) => gate.kind === "asked" && gate.via === "queue" && gate.said === undefined);
}

/** Where the client cannot be asked, and the settings say nothing else. */
export function mayWaitInQueue({ gates }: Explanation): boolean {
  return gates.some((gate) => gate.kind === "asked" && gate.via === undefined && gate.said === undefined);
}

/** No human is asked for an explanation, and no module called. */
function* explained(revision: Revision, { outcome, outside, now }: Conversation): Asking<Explained> {
  if (!outcome) throw new Error("a message was sent and left no outcome");
  const explanation = yield* answering(explain(revision, outcome), outside, now);
  return { explanation, outcome: waitsInQueue(explanation) ? {} : outcome.shown };
}
