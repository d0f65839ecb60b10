// `send` and `push`: a request or notification goes through the policy, as if it came from the client or from a server.
import type { Asking, Content } from "../../engine/decision.ts";
import type { Facts, Surroundings } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { TestAction } from "../../language/test-block.ts";
import { namesInLock } from "../../mcp/catalogue-lock.ts";
import { answering } from "./answer-needs.ts";
import type { Conversation } from "./conversation.ts";
import { keptUnder } from "./gates.ts";
import { judge, judgeUnlisted, type Incoming, type Judged, type Outcome } from "./judge.ts";
import { findThing, type Found } from "./test-catalogue.ts";
import type { ThingOutcome } from "../explain/thing-outcome.ts";
import { carriedIn, contentOf, kindOf, reachesServer, withName } from "./test-message.ts";

export type Sending = Extract<TestAction, { readonly kind: "send" | "push" }>;

/** As often as the step says; the conversation shows the last one. */
export function* send(revision: Revision, conversation: Conversation, step: Sending): Asking<Conversation> {
  const { method, name, body, server, times } = step;
  const from = step.kind === "send" ? "client" : "server";
  const message = { method, content: contentOf(method, name, body), from, server } as const;
  let played = conversation;
  for (let count = 0; count < times; count += 1) played = yield* sendMessage(revision, played, message);
  return played;
}

/** The server a step means when it does not say: the only one the policy names; of a policy that names none, the only one in the lock. */
export function serverOf({ policy, lock }: Revision, server: string | undefined): string {
  const { serversNamed } = policy.policy;
  const named = serversNamed.length > 0 || lock === undefined ? serversNamed : namesInLock(lock);
  const [first = "server", ...others] = named;
  return server ?? (others.length === 0 ? first : "server");
}

export interface Message {
  readonly method: string;
  /** `{params}` as it goes over the wire, aliases and all. */
  readonly content: Content;
  readonly from: "client" | "server";
  /** `undefined`: the one that is meant when nobody says. */
  readonly server: string | undefined;
}

export function sendMessage(revision: Revision, conversation: Conversation, message: Message): Asking<Conversation> {
  const { outside, now } = conversation;
  return answering(pass(revision, conversation, message), outside, now);
}

function* pass(
  revision: Revision,
  conversation: Conversation,
  { method, content, from, server: named }: Message,
): Asking<Conversation> {
  const server = named !== undefined || reachesServer(method) ? serverOf(revision, named) : undefined;
  const carried = carriedIn(method, content);
  const found =
    carried && server !== undefined
      ? yield* findThing(revision, conversation.lists, conversation, { server, ...carried })
      : undefined;
  const name = found?.thing.own ?? carried?.name;
  const { principal } = conversation;
  const facts: Facts = { kind: kindOf(method), method, from, server, name, thing: carried?.thing, principal };
  const inward = found ? withName(method, content, found.thing.own) : content;
  const incoming: Incoming = { facts, content: inward, surroundings: surroundingsOf(conversation, found) };
  const hidden = found && server !== undefined ? hiddenIn(found, server) : undefined;
  const lists = found?.lists ?? conversation.lists;
  const { outside } = conversation;
  const { outcome, ...left }: Judged =
    hidden && carried
      ? { outcome: yield* judgeUnlisted(revision, incoming, hidden, carried), outside }
      : yield* judge(revision, incoming, outside);
  return { ...conversation, ...left, lists, outcome, pending: pendingOf(outcome) };
}

function hiddenIn({ thing, reviewed }: Found, server: string): ThingOutcome | undefined {
  if (thing.listed) return undefined;
  const found = reviewed.outcomes(server, thing.kind).find(({ own }) => own === thing.own);
  if (!found) throw new Error(`nothing tells who hides the ${thing.kind} ${thing.own}`);
  return found;
}

function surroundingsOf(conversation: Conversation, found: Found | undefined): Surroundings {
  return { now: conversation.now, request: undefined, thing: found?.thing, tags: [], root: undefined, home: undefined };
}

function pendingOf({ facts, decision, surroundings, shown }: Outcome): Conversation["pending"] {
  const { verdict, record, caching, tags, secrets } = decision;
  if (verdict !== "allow" || facts.kind !== "request" || record.cache === "hit") return undefined;
  const keeping = caching && {
    key: keptUnder(decision, facts),
    forMs: caching.forMs,
    isForAll: caching.by !== undefined,
  };
  return { facts, request: shown, thing: surroundings.thing, tags, secrets, keeping };
}
