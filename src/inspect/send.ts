// `send` and `push`: a request or notification goes through the policy, as if it came from the client or from a server.
import type { Asking } from "../engine/decision.ts";
import type { Facts, Surroundings } from "../engine/facts.ts";
import type { Revision } from "../engine/policy-store.ts";
import type { TestAction } from "../language/test-block.ts";
import { judge, refuseUnlisted, type Outcome } from "./judge.ts";
import type { Conversation } from "./conversation.ts";
import { findThing, type Found } from "./test-catalogue.ts";
import { carriedIn, contentOf, kindOf, reachesServer, withName } from "./test-message.ts";

export type Sending = Extract<TestAction, { readonly kind: "send" | "push" }>;

/** As often as the step says; the conversation shows the last one. */
export function* send(revision: Revision, conversation: Conversation, step: Sending): Asking<Conversation> {
  let played = conversation;
  for (let count = 0; count < step.times; count += 1) played = yield* sendOnce(revision, played, step);
  return played;
}

/** The server a step means when it does not say: the only one the policy names. */
export function serverOf(revision: Revision, server: string | undefined): string {
  const [first = "server", ...others] = revision.policy.policy.serversNamed;
  return server ?? (others.length === 0 ? first : "server");
}

function* sendOnce(revision: Revision, conversation: Conversation, step: Sending): Asking<Conversation> {
  const content = contentOf(step.method, step.name, step.body);
  const hasServer = step.server !== undefined || reachesServer(step.method);
  const server = hasServer ? serverOf(revision, step.server) : undefined;
  const carried = carriedIn(step.method, content);
  const found =
    carried && server !== undefined
      ? yield* findThing(revision, conversation.lists, conversation, { server, ...carried })
      : undefined;
  const facts: Facts = {
    kind: kindOf(step.method),
    method: step.method,
    from: step.kind === "send" ? "client" : "server",
    server,
    name: found?.thing.own ?? carried?.name,
    thing: carried?.thing,
    principal: conversation.principal,
  };
  const inward = found ? withName(step.method, content, found.thing.own) : content;
  const judged = yield* judge(revision, facts, inward, surroundingsOf(conversation, found));
  const listed = !found || found.thing.listed;
  const outcome = listed || !carried ? judged : refuseUnlisted(judged, found.thing, carried);
  return { ...conversation, lists: found?.lists ?? conversation.lists, outcome, pending: pendingOf(outcome) };
}

function surroundingsOf(conversation: Conversation, found: Found | undefined): Surroundings {
  return { now: conversation.now, request: undefined, thing: found?.thing, tags: [], root: undefined, home: undefined };
}

function pendingOf({ facts, decision, surroundings, shown }: Outcome): Conversation["pending"] {
  if (decision.verdict !== "allow" || facts.kind !== "request") return undefined;
  return { facts, request: shown, thing: surroundings.thing, tags: decision.tags, secrets: decision.secrets };
}
