// List requests: answered by the proxy with what all servers have, in one page.
import { INVALID_PARAMS, METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import type { ListFacts } from "../../mcp/lists.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Judged } from "../judge.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import type { ServerLink } from "../peers/server-link.ts";

export function requestList(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  list: ListFacts,
): void {
  const { bytes, params, method } = envelope;
  const cursor = params === undefined ? undefined : rangeAt(bytes, params, ["cursor"]);
  if (cursor !== undefined && rawAt(bytes, cursor) !== "null") {
    exchange.error(INVALID_PARAMS, "this cursor is not one of ours");
    return;
  }
  session.catalogue.whenCurrent(() => {
    const able = session.links.filter((link) => link.capability(list.capability) !== undefined);
    if (able.length === 0 && !session.isAdvertised(list.capability)) {
      exchange.error(METHOD_NOT_FOUND, `no server knows \`${method}\``);
      return;
    }
    session.catalogue.freshen(list, () => askAll(session, exchange, envelope, list, able));
  });
}

/** The request is judged once for every server whose entries it would show; one that a rule refuses shows none. */
function askAll(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  list: ListFacts,
  able: readonly ServerLink[],
): void {
  if (!exchange.isWanted) return;
  const refused = new Map<ServerLink, Judged>();
  let missing = able.length;
  const settle = (): void => {
    const shown = session.links.filter((link) => !refused.has(link));
    const [first] = refused;
    if (first !== undefined && refused.size === able.length) {
      answerRefused(exchange, session.facts("request", envelope.method, "client", first[0].name), first[1]);
    } else session.catalogue.whenCurrent(() => show(session, exchange, list, shown));
  };
  if (missing === 0) settle();
  for (const link of able) {
    const facts = session.facts("request", envelope.method, "client", link.name);
    session.judge.hear(session.client.lane, { facts, envelope, server: link.options, exchange }, (judged) => {
      if (judged.decision.verdict !== "allow") refused.set(link, judged);
      missing -= 1;
      if (missing === 0) settle();
    });
  }
}

const SUFFIX = Buffer.from("}");

function show(session: ClientSession, exchange: Exchange, list: ListFacts, links: readonly ServerLink[]): void {
  const prefix = Buffer.from(`{"jsonrpc":"2.0","id":${exchange.id},"result":`);
  const bytes = [prefix, session.catalogue.merged(list, links), SUFFIX];
  session.judge.noteAnswer(session.facts("result", list.method, "server", undefined), { id: exchange.id, bytes });
  exchange.answer(bytes);
}
