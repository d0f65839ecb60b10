// Asks in the answer to a modern client's request; what it is about - the request, or its server's result - goes on when the client asks again.
import type { ClientSession } from "../client-session.ts";
import type { Hearing } from "../judge.ts";
import { askAboutResult, putInRound, type Then } from "../rounds/own-questions.ts";
import type { Way } from "./ask-ways.ts";
import type { OpenQuestion } from "./open-questions.ts";

export function askInRound(
  session: ClientSession,
  { facts, envelope, exchange, asked, takesQuestion }: Hearing,
  question: OpenQuestion,
  { request }: Extract<Way, { readonly kind: "round" }>,
  then: Then,
): void {
  if (exchange === undefined) then("no way to ask");
  else if (takesQuestion !== undefined) {
    takesQuestion(question);
    then("asked");
  } else {
    const asking = { exchange, request, server: facts.server ?? "", own: facts.name ?? "", questions: [question] };
    if (envelope.kind === "result") askAboutResult(session, asking, envelope, asked, then);
    else then(putInRound(session, asking) ? "asked" : "no way to ask");
  }
}
