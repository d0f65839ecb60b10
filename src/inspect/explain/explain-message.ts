// One message from a file, explained: who had a say in it, what was changed, and what the other side gets.
import type { Asking, Content } from "../../engine/decision.ts";
import type { Principal } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { answering } from "../play/answer-needs.ts";
import { openConversation, type Conversation } from "../play/conversation.ts";
import { explain, type Explanation } from "./explanation.ts";
import { reply } from "../play/reply.ts";
import { sendMessage, serverOf, type Message } from "../play/send.ts";
import type { ServerList } from "../play/test-catalogue.ts";

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
  /** Whether the question waits in the queue, and neither side gets anything meanwhile: always, or where no client can show it. */
  readonly queue: "always" | "else" | undefined;
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

/** No human is asked for an explanation, and no module called. */
function* explained(revision: Revision, { outcome, outside, now }: Conversation): Asking<Explained> {
  if (!outcome) throw new Error("a message was sent and left no outcome");
  const explanation = yield* answering(explain(revision, outcome), outside, now);
  const queue = queueOf(explanation);
  return { explanation, outcome: queue === "always" ? {} : outcome.shown, queue };
}

/** As the settings have it that say nothing of it. */
function queueOf({ gates }: Explanation): Explained["queue"] {
  const open = gates.flatMap((gate) => (gate.kind === "asked" && gate.said === undefined ? [gate] : []));
  if (open.some(({ via }) => via === "queue")) return "always";
  return open.some(({ via }) => via === undefined) ? "else" : undefined;
}
