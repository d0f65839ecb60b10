// The reply to a request that was forwarded, after the rules: handed back to the one who asked, or a question first.
import type { Facts } from "../engine/facts.ts";
import { INTERNAL_ERROR } from "../mcp/errors.ts";
import type { Changes } from "../message/eras/reword.ts";
import type { ClientSession } from "./peers/client-session.ts";
import { codeOf } from "./exchanges/error-code.ts";
import type { Judged } from "./judge.ts";
import { type Adaptation, isToServer, type Passage } from "./exchanges/passage.ts";
import type { Reply } from "./peers/peer.ts";
import { answerRefused } from "./exchanges/refusing.ts";
import { type InputRequired, MAX_ROUNDS } from "./rounds/input-required.ts";
import { unfinished } from "./rounds/unfinished.ts";
import { type Call, tasksInReply } from "./tasks/task-ids.ts";
import { errorPlacements, resultRewording } from "./wording/crossing.ts";
import { URL_ELICITATION_REQUIRED } from "./wording/elicitations.ts";
import { writeMessage } from "./wording/write-message.ts";

/** A request that was sent, or answered in its server's place. Counts how often its server has asked for more. */
export interface Departed extends Call {
  readonly origin: Passage;
  rounds: number;
  /** Sends it once more, with these members. */
  again(members: Changes): void;
}

/** `facts`: of the reply. */
export function handBack(session: ClientSession, departed: Departed, reply: Reply, facts: Facts, judged: Judged): void {
  const { origin } = departed;
  const { exchange, link, envelope } = origin;
  if (judged.decision.verdict !== "allow") {
    answerRefused(exchange, facts, judged);
    return;
  }
  const code = reply.kind === "error" ? codeOf(reply.bytes, reply.error) : undefined;
  const isCrossing = isToServer(origin) && (exchange.asker !== undefined || link.era === "modern");
  const asked = isCrossing ? unfinished(session, origin, reply, judged) : undefined;
  if (asked !== undefined) {
    takeUnfinished(departed, asked, reply, facts);
    return;
  }
  const readdressing = {
    id: exchange.id,
    placements: reply.kind === "error" ? errorPlacements(exchange, reply) : tasksInReply(session, departed, reply),
    adapt: adaptation(session, origin, reply, code),
    rewording:
      isCrossing && reply.kind === "result" ? resultRewording(exchange, link, envelope.method, reply) : undefined,
  };
  exchange.answer(writeMessage(reply, judged, readdressing), code);
}

function takeUnfinished(departed: Departed, asked: InputRequired | string, reply: Reply, facts: Facts): void {
  const { exchange, link, onInputRequired } = departed.origin;
  const fail = (reason: string): void => exchange.error(INTERNAL_ERROR, `the server \`${link.name}\` ${reason}`);
  departed.rounds += 1;
  const again = (members: Changes): void => departed.again(members);
  if (typeof asked === "string") fail(`answered with what cannot be used: ${asked}`);
  else if (departed.rounds > MAX_ROUNDS) fail(`asked more than ${MAX_ROUNDS} times`);
  else
    onInputRequired?.({
      passage: departed.origin,
      asked,
      number: departed.rounds,
      reply,
      sent: departed,
      facts,
      again,
    });
}

function adaptation(
  { elicitations }: ClientSession,
  { to: { server }, outward }: Passage,
  reply: Reply,
  code: number | undefined,
): Adaptation | undefined {
  if (reply.kind === "result") return outward?.(reply);
  if (code !== URL_ELICITATION_REQUIRED || server === undefined) return undefined;
  return (content) => elicitations.outwardError(server, content);
}
