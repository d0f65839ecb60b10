// Asks the client's own model something while a request of the client's is open; who says nothing in time has said nothing.
import type { JsonValue } from "../../mcp/json.ts";
import { composeNotification, composeRequest } from "../../message/compose.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { AskClient, ClientsWord } from "../event.ts";
import { Exchange } from "../exchanges/exchange.ts";
import type { Reply } from "../peers/peer.ts";
import { canBeAsked } from "../rounds/questions.ts";
import { type AskedAbout, askModelInRound } from "./ask-model-round.ts";

type Hear = (word: ClientsWord) => void;

/** `hear` gets its word once; in the modern era it may be that the client's next request brings it. */
export function askModel(session: ClientSession, about: AskedAbout, question: AskClient, hear: Hear): void {
  const { exchange } = about.hearing;
  if (exchange?.asker !== undefined) askModelInRound(session, exchange, about, question, hear);
  else if (exchange !== undefined && canAsk(session, exchange)) new Inquiry(session, exchange, hear).put(question);
  else hear({ kind: "not-asked" });
}

function canAsk({ era, client, capabilities, isClientReady }: ClientSession, exchange: Exchange): boolean {
  const isListening = isClientReady && !client.hasEnded && !client.isGone;
  const isServed = exchange.isWanted && client.inFlight > 0;
  return era === "legacy" && isListening && isServed && canBeAsked(capabilities, "sampling", "");
}

class Inquiry {
  private readonly session: ClientSession;
  private readonly exchange: Exchange;
  private readonly hear: Hear;
  private readonly id: string;
  /** Whoever cancels the request takes the question back. */
  private readonly leaving: Exchange;
  private isOpen = true;
  private expiry = 0;

  constructor(session: ClientSession, exchange: Exchange, hear: Hear) {
    this.session = session;
    this.exchange = exchange;
    this.hear = hear;
    this.id = session.client.mint();
    this.leaving = new Exchange(exchange.id, undefined, () => this.withdraw("nobody waits for it any more"));
  }

  put({ params, withinMs }: AskClient): void {
    const { exchange, id } = this;
    const { client, outside } = this.session;
    exchange.parts = [...exchange.parts, this.leaving];
    this.expiry = outside.after(withinMs, () => this.withdraw("no answer came in time"));
    client.awaited.set(id, {
      origin: undefined,
      onReply: (reply) => this.end(wordOf(reply)),
      onLost: () => this.end(SILENT),
    });
    client.send([composeRequest(id, "sampling/createMessage", params)], exchange.stream);
  }

  private withdraw(reason: string): void {
    if (!this.isOpen) return;
    const { client } = this.session;
    client.awaited.delete(this.id);
    const params = { requestId: Number(this.id), reason };
    client.send([composeNotification("notifications/cancelled", params)], this.exchange.stream);
    this.end(SILENT);
  }

  private end(word: ClientsWord): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.session.outside.cancel(this.expiry);
    this.exchange.parts = this.exchange.parts.filter((part) => part !== this.leaving);
    this.hear(word);
  }
}

const SILENT: ClientsWord = { kind: "silent", isOnlyHere: false };

/** A connection is one client's. */
function wordOf(reply: Reply): ClientsWord {
  if (reply.kind === "error") return SILENT;
  const { bytes, result } = reply;
  const said = JSON.parse(bytes.toString("utf8", result.start, result.end)) as JsonValue;
  return { kind: "said", result: said, isOnlyHere: false };
}
