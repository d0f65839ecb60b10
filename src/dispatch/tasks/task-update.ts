// `tasks/update`: what a client of the modern era answers to the questions of a task, each judged as the result that it is.
import { INVALID_PARAMS } from "../../mcp/errors.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { keyText } from "../../message/json-bytes/key-text.ts";
import { rangeAt } from "../../message/locate.ts";
import { MemberWalk } from "../../message/json-bytes/member-walk.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Continued } from "../exchanges/passage.ts";
import { answersIn, judgeAnswers } from "../rounds/input-answers.ts";
import { inputResponses } from "../rounds/passed-rounds.ts";
import type { RoundState } from "../rounds/sealed-round.ts";
import type { Task } from "./task-book.ts";

export interface Update {
  readonly envelope: RequestEnvelope;
  readonly task: Task;
  /** Asks the server how the task stands. */
  readonly look: (then: () => void) => void;
  readonly send: (told: Continued) => void;
}

export function updateTask(session: ClientSession, exchange: Exchange, update: Update): void {
  const { envelope, task, look } = update;
  if (keysIn(envelope).every((key) => task.questions.has(key))) tell(session, exchange, update);
  else look(() => tell(session, exchange, update));
}

/** Answers to what the client was not asked are left out. */
function tell(session: ClientSession, exchange: Exchange, { envelope, task, send }: Update): void {
  if (!exchange.isWanted) return;
  const state = stateOf(task);
  const answers = answersIn(envelope, state);
  if (answers === undefined) exchange.error(INVALID_PARAMS, "`inputResponses` are no answers");
  else
    judgeAnswers(session, exchange, { state, answers }, (judged) =>
      send({ ...state, members: { inputResponses: inputResponses(judged, []) } }),
    );
}

function stateOf({ server, own, questions }: Task): RoundState {
  const asked = [...questions].map(([key, { sealed }]) => [key, sealed] as const);
  return { server, own, rounds: 0, questions: Object.fromEntries(asked) };
}

function keysIn({ bytes, params }: RequestEnvelope): readonly string[] {
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["inputResponses"]);
  const keys: string[] = [];
  if (range === undefined) return keys;
  const walk = new MemberWalk(bytes, range);
  while (walk.next()) keys.push(keyText(bytes, walk.keyStart, walk.keyEnd));
  return keys;
}
