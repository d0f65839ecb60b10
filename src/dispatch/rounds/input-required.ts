// What a modern server wants to know before it goes on with a request (2026-07-28, Multi Round-Trip Requests): read from its result.
import type { EnvelopeLimits, RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { keyText } from "../../message/json-bytes/key-text.ts";
import { hasDuplicateKeys, rangeAt, rawAt, textAt } from "../../message/locate.ts";
import { MemberWalk } from "../../message/json-bytes/member-walk.ts";
import type { Range } from "../../message/json-bytes/range.ts";
import { OPEN_OBJECT } from "../../message/json-bytes/scan.ts";
import { isQuestion } from "./questions.ts";

/** The only requests that may be answered so. */
export const ASKING_METHODS: ReadonlySet<string> = new Set(["tools/call", "prompts/get", "resources/read"]);

/** How often a server may ask for one request. */
export const MAX_ROUNDS = 8;

export interface InputRequired {
  /** As it leaves. */
  readonly carrier: ResultEnvelope;
  readonly questions: readonly Question[];
  /** The server's own, as raw JSON text. */
  readonly state: string | undefined;
}

export interface Question {
  /** The server's. */
  readonly key: string;
  /** As the request that it is. */
  readonly envelope: RequestEnvelope;
}

/** A text: why it cannot be used, as one clause. */
export function readInputRequired(carrier: ResultEnvelope, limits: EnvelopeLimits): InputRequired | string {
  const { bytes, result } = carrier;
  if (hasDuplicateKeys(bytes, result)) return "a key stands twice in it";
  const state = rangeAt(bytes, result, ["requestState"]);
  if (state !== undefined && textAt(bytes, state) === undefined) return "its `requestState` is no text";
  const requests = rangeAt(bytes, result, ["inputRequests"]);
  if (state === undefined && requests === undefined) return "it asks for nothing";
  const questions = requests === undefined ? [] : questionsIn(bytes, requests, limits);
  if (typeof questions === "string") return questions;
  return { carrier, questions, state: state && rawAt(bytes, state) };
}

function questionsIn(bytes: Buffer, requests: Range, limits: EnvelopeLimits): readonly Question[] | string {
  if (bytes[requests.start] !== OPEN_OBJECT) return "its `inputRequests` are no object";
  const questions: Question[] = [];
  const walk = new MemberWalk(bytes, requests);
  while (walk.next()) {
    const key = keyText(bytes, walk.keyStart, walk.keyEnd);
    const envelope = requestIn(bytes, walk.value(), limits);
    if (key.startsWith(OURS)) return `it uses \`${OURS}\`, which is the proxy's`;
    if (typeof envelope === "string") return envelope;
    questions.push({ key, envelope });
  }
  return questions;
}

/** Keys that begin so are questions of the proxy. */
const OURS = "mcprules.";

function requestIn(bytes: Buffer, entry: Range, limits: EnvelopeLimits): RequestEnvelope | string {
  const method = textAt(bytes, rangeAt(bytes, entry, ["method"]));
  if (method === undefined || !isQuestion(method)) return "it asks what no client can be asked";
  const params = rangeAt(bytes, entry, ["params"]);
  const rest = params === undefined ? "" : `,"params":${rawAt(bytes, params)}`;
  const envelope = readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":0,"method":"${method}"${rest}}`), limits);
  if (envelope.kind === "request") return envelope;
  return envelope.kind === "malformed" ? envelope.reason : "it asks with what is no request";
}
