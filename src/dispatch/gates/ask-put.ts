// Puts a question where a human finds it: as a form in the client, or in the queue of whoever runs the proxy.
import { composeNotification, composeRequest } from "../../message/compose.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { subjectOf } from "../rounds/sealed-round.ts";
import { answerOf, formOf } from "./ask-form.ts";
import type { Answer } from "./ask-waiting.ts";
import type { Way } from "./ask-ways.ts";
import type { OpenQuestion } from "./open-questions.ts";

type Settle = (answer: Answer) => void;

/** What it returns takes the question back. */
export function putQuestion(
  session: ClientSession,
  way: Exclude<Way, { readonly kind: "round" }>,
  question: OpenQuestion,
  settle: Settle,
): (reason: string) => void {
  return way.kind === "form" ? putForm(session, way, question, settle) : putInQueue(session, question, settle);
}

function putForm(
  session: ClientSession,
  { peer, stream, protocol }: Extract<Way, { readonly kind: "form" }>,
  question: OpenQuestion,
  settle: Settle,
): (reason: string) => void {
  const { questions } = session.known;
  const id = peer.mint();
  const finish = (answer: Answer): void => {
    questions.remove(question.id);
    settle(answer);
  };
  peer.awaited.set(id, {
    origin: undefined,
    onReply: (reply) => finish({ outcome: answerOf(reply), by: question.user }),
    onLost: () => finish({ outcome: "cancelled" }),
  });
  questions.add(subjectOf(session), question);
  peer.send([composeRequest(id, "elicitation/create", formOf(protocol, question.text))], stream);
  return (reason) => {
    questions.remove(question.id);
    peer.awaited.delete(id);
    peer.send([composeNotification("notifications/cancelled", { requestId: Number(id), reason })], stream);
  };
}

function putInQueue(session: ClientSession, question: OpenQuestion, settle: Settle): (reason: string) => void {
  const { outside } = session;
  const { questions } = session.known;
  const { id, text, server } = question;
  questions.add(subjectOf(session), question, (approves, by) => {
    questions.remove(id);
    settle({ outcome: approves ? "approved" : "declined", by });
  });
  outside.report("info", `somebody has to approve this: \`mcprules approve ${id}\`\n${text}`, server);
  return () => questions.remove(id);
}
