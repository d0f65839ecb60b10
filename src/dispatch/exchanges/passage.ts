// One request between the one who asks and the one who answers: who they are, and what in it and in its reply has to be said otherwise.
import type { Content } from "../../engine/decision.ts";
import type { Facts, ReviewedThing } from "../../engine/facts.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import type { Changes } from "../../message/eras/reword.ts";
import type { Exchange } from "./exchange.ts";
import type { Asked } from "../judge.ts";
import type { Peer, Reply } from "../peers/peer.ts";
import type { InputRequired } from "../rounds/input-required.ts";
import type { ServerLink } from "../peers/server-link.ts";
import type { AboutTask } from "../tasks/task-ids.ts";
import type { Placement } from "../wording/placement.ts";

export type Adaptation = (content: Content) => Content;

export interface Passage {
  readonly exchange: Exchange;
  readonly envelope: RequestEnvelope;
  readonly facts: Facts;
  readonly from: Peer;
  readonly to: Peer;
  /** The server at one end of it. */
  readonly link: ServerLink;
  readonly thing?: ReviewedThing | undefined;
  /** Names the asker knows, in the other's words. */
  readonly inward?: readonly Placement[];
  /** What in the request must not reach the other side as it stands. */
  readonly adapt?: Adaptation | undefined;
  /** Sees a result as it came; what in it has to be said in the asker's words, under the names the request came in with. */
  readonly outward?: ((result: ResultEnvelope) => Adaptation | undefined) | undefined;
  /** A modern server wants to know something before it goes on; absent: it may not. */
  readonly onInputRequired?: ((round: Round) => void) | undefined;
  /** A server does not take the headers that were made from its definition of a tool; absent: then that is its answer. */
  readonly onMismatch?: (() => void) | undefined;
  /** In the modern era: the request goes on with an earlier one, as whose next round it is sent. */
  readonly continued?: Continued | undefined;
  readonly about?: AboutTask | undefined;
}

/** What a server wants to know before it goes on, and how it is told. */
export interface Round {
  readonly passage: Passage;
  readonly asked: InputRequired;
  /** How often it has asked by now. */
  readonly number: number;
  /** Its result as it came, what its rules know of the request, and its facts. */
  readonly reply: Reply;
  readonly sent: Asked;
  readonly facts: Facts;
  /** Sends the request once more, with these members. */
  readonly again: (members: Changes) => void;
}

export interface Continued {
  readonly server: string;
  readonly own: string;
  readonly members: Changes;
  /** How often its server has asked by now. */
  readonly rounds: number;
  /** What its server has answered, and somebody was asked about. */
  readonly reply?: KeptReply | undefined;
}

/** A reply that waited for what somebody says, and what its rules know of its request. */
export interface KeptReply {
  readonly envelope: Reply;
  readonly tags: readonly string[];
  readonly secrets: readonly string[];
  /** `{method, params}` as it was sent. */
  readonly request: JsonObject;
}

/** Of the rest, some change something at the server besides. */
const KEEPABLE: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read", "completion/complete"]);

/** Its answer means the same to whoever asks the same. */
export function isAnswerKeepable(passage: Passage): boolean {
  const { about, continued, envelope } = passage;
  return isToServer(passage) && about === undefined && continued === undefined && KEEPABLE.has(envelope.method);
}

/** It is the client that asks. */
export function isToServer({ to, link }: Passage): boolean {
  return to === link;
}
