// Asks in the answer to a modern client's request; what it is about - the request, or its server's reply - goes on when the client asks again.
import type { ClientSession } from "../peers/client-session.ts";
import type { Hearing } from "../judge.ts";
import { askAboutReply, putQuestions } from "../rounds/own-questions.ts";
import type { Then } from "../rounds/own-round.ts";
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
    const asking = { exchange, request, server: facts.server ?? "", own: facts.name ?? "" };
    if (envelope.kind === "result") askAboutReply(session, asking, [question], { reply: envelope, asked }, then);
    else then(putQuestions(session, asking, [question]) ? "asked" : "no way to ask");
  }
}
