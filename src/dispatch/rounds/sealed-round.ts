// What a modern client carries from one round of a request to the next: sealed, so that it comes back as it was, from the same client, for the same request, once.
import { userIdentity } from "../../engine/gates/user-identity.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import { parseContent } from "../../message/content.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Said } from "../gates/approval.ts";
import type { Heard } from "../gates/logical-call.ts";
import type { SealedQuestion } from "./sealed-question.ts";
import type { Use } from "./spent-tokens.ts";

/** How long a person may take to answer, in milliseconds. */
export const GOOD_FOR = 10 * 60 * 1000;

/** Where the request stands. */
export interface RoundState {
  /** The thing's server, and its own word for it. */
  readonly server: string;
  readonly own: string;
  /** How often the server has asked by now. */
  readonly rounds: number;
  /** The server's own state, as raw JSON text. */
  readonly up?: string | undefined;
  /** The call that waits here; absent: the request is sent again. */
  readonly parked?: string | undefined;
  readonly questions: Readonly<Record<string, SealedQuestion>>;
  /** Keys of limits that the call has its share of. */
  readonly counted?: readonly string[] | undefined;
  /** What humans have said of it by now. */
  readonly said?: readonly Said[];
  /** What a human is asked by the proxy. */
  readonly ask?: SealedAsk | undefined;
  /** What the client's model has said by now. */
  readonly heard?: readonly Heard[] | undefined;
  /** What the client's model is asked by the proxy. */
  readonly model?: SealedInquiry | undefined;
  /** The server's answer, which waits for what is asked about it. */
  readonly result?: ParkedResult | undefined;
}

/** Questions of the proxy's own, put as one. */
export interface SealedAsk {
  /** Each is about a message that would be sent. */
  readonly digests: readonly string[];
  /** Where they are counted. */
  readonly ids: readonly string[];
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly tries: number;
}

export interface SealedInquiry {
  /** A digest. */
  readonly about: string;
  /** How often it was asked for this call by now. */
  readonly tries: number;
  /** Where what it is about is kept. */
  readonly parked?: string | undefined;
}

/** A reply that is kept in the store, and what its rules know of its request. */
export interface ParkedResult {
  readonly key: string;
  readonly tags: readonly string[];
  readonly secrets: readonly string[];
}

interface Sealed extends RoundState {
  readonly v: 1;
  readonly jti: string;
  /** Milliseconds since 1970. */
  readonly exp: number;
  /** Digests of who was asked, and for which request. */
  readonly sub: string;
  readonly req: string;
}

/** Longer ones are not opened again. */
const MAX_LENGTH = 16 * 1024;

/** `undefined`: it would be too long. */
export function sealRound(
  session: ClientSession,
  envelope: RequestEnvelope,
  state: RoundState,
  goodForMs = GOOD_FOR,
): string | undefined {
  const { seal, token } = session.options;
  const head = {
    v: 1,
    jti: token(),
    exp: session.outside.now + goodForMs,
    sub: seal.digest(subjectOf(session)),
    req: seal.digest(saidIn(envelope)),
  } as const;
  const withParams: Sealed = { ...head, ...state };
  const short = { ...withParams, questions: withoutParams(state.questions) };
  // What was heard before may be known besides; else it is asked for once more.
  for (const one of [withParams, short, { ...short, heard: undefined }]) {
    const sealed = seal.seal(JSON.stringify(one));
    if (sealed.length <= MAX_LENGTH) return sealed;
  }
  return undefined;
}

export type Opening =
  | { readonly kind: "good"; readonly state: RoundState; readonly spend: (then: (use: Use) => void) => boolean }
  /** The request may be sent as a new one. */
  | { readonly kind: "expired"; readonly state: RoundState }
  /** Forged, used before, of somebody else, or for another request. */
  | { readonly kind: "bad" };

/** `undefined`: the request does not go on with another. */
export function openRound(session: ClientSession, envelope: RequestEnvelope): Opening | undefined {
  const { bytes, params } = envelope;
  if (params === undefined) return undefined;
  const range = rangeAt(bytes, params, ["requestState"]);
  if (range === undefined && rangeAt(bytes, params, ["inputResponses"]) === undefined) return undefined;
  const { seal } = session.options;
  const plain = seal.open(textAt(bytes, range) ?? "");
  const sealed = plain === undefined ? undefined : (JSON.parse(plain) as Sealed);
  if (
    sealed?.v !== 1 ||
    sealed.sub !== seal.digest(subjectOf(session)) ||
    sealed.req !== seal.digest(saidIn(envelope))
  ) {
    return { kind: "bad" };
  }
  const { now } = session.outside;
  if (sealed.exp < now) return { kind: "expired", state: sealed };
  const token = { token: sealed.jti, goodUntil: sealed.exp };
  // What waits here can go on nowhere else.
  const isShared = session.options.sharesStore === true && sealed.parked === undefined;
  return {
    kind: "good",
    state: sealed,
    spend: (then) => session.known.spent.spend(session.outside, token, isShared, then),
  };
}

/** Who logged in; else this very session. */
export function subjectOf({ principal: { user, profile }, id, known }: ClientSession): string {
  const who = user === undefined ? ["session", known.boot, id] : ["user", ...userIdentity(user)];
  return sortedJson([...who, profile ?? null]);
}

/** The request, without what is other in each round. */
function saidIn(envelope: RequestEnvelope): string {
  const { params } = parseContent(envelope);
  const { _meta: _said, inputResponses: _answers, requestState: _state, ...said } = isJsonObject(params) ? params : {};
  return sortedJson([envelope.method, said]);
}

function withoutParams(questions: RoundState["questions"]): RoundState["questions"] {
  return Object.fromEntries(Object.entries(questions).map(([key, { method, answer }]) => [key, { method, answer }]));
}
