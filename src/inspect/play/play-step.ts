// One step of a test that does something: what is given, sent, pushed and replied. Expectations change nothing.
import type { Asking, Content, Decision } from "../../engine/decision.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { TestStep } from "../../language/test-block.ts";
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import type { Conversation, Played } from "./conversation.ts";
import { withPrincipal } from "./given.ts";
import { reply } from "./reply.ts";
import { send, serverOf } from "./send.ts";
import { minimalDefinition, withDefinitions } from "./test-catalogue.ts";
import { valueOf } from "./test-value.ts";

export function* play(revision: Revision, conversation: Conversation, step: TestStep): Asking<Played> {
  switch (step.kind) {
    case "given-principal":
      return yield* givePrincipal(revision, conversation, step);
    case "given-now":
      return played({ ...conversation, now: step.now });
    case "given-thing":
      return giveThing(revision, conversation, step);
    case "given-human":
      return played({ ...conversation, outside: { ...conversation.outside, human: step.decision } });
    case "given-call":
      return yield* giveCall(revision, conversation, step);
    case "send":
    case "push":
      return played(yield* send(revision, conversation, step));
    case "reply":
      return yield* answer(revision, conversation, { result: step.result });
    case "expect-path":
    case "expect-without":
    case "expect-true":
    case "expect-verdict":
    case "expect-listing":
    case "expect-tag":
    case "expect-log":
      return played(conversation);
    case "reply-error":
      return yield* answer(revision, conversation, { error: { code: step.code, message: step.message } });
  }
}

type Step<K extends TestStep["kind"]> = Extract<TestStep, { readonly kind: K }>;

function* givePrincipal(revision: Revision, conversation: Conversation, step: Step<"given-principal">): Asking<Played> {
  const value = yield* valueOf(revision, conversation, step.value);
  const principal = value === undefined ? undefined : withPrincipal(conversation.principal, step.principal, value);
  if (principal) return played({ ...conversation, principal });
  const shape = step.principal === "client" ? "a name or an object with `name`" : "a text, or an object with `id`";
  return stuck(`${shape} for the ${step.principal}`, value === undefined ? "nothing" : JSON.stringify(value));
}

function* giveCall(revision: Revision, conversation: Conversation, step: Step<"given-call">): Asking<Played> {
  const { outside } = conversation;
  const said = step.returns ? yield* valueOf(revision, conversation, step.returns) : "fails";
  if (said !== "fails" && (said === undefined || !isJsonObject(said)))
    return stuck(`an object that ${step.module} returns`, said === undefined ? "nothing" : JSON.stringify(said));
  const modules = new Map(outside.modules).set(step.module, said);
  return played({ ...conversation, outside: { ...outside, modules } });
}

function giveThing(revision: Revision, conversation: Conversation, step: Step<"given-thing">): Played {
  const server = serverOf(revision, step.server);
  const list = { server, kind: step.thing, definitions: [definitionOf(step)] };
  return played({ ...conversation, lists: withDefinitions(conversation.lists, list) });
}

/** What the test writes completes, and wins over, the least a definition has. */
function definitionOf({ thing, name, definition }: Step<"given-thing">): JsonObject {
  return { ...minimalDefinition(thing, name), ...(isJsonObject(definition) && definition) };
}

function* answer(revision: Revision, conversation: Conversation, content: Content): Asking<Played> {
  if (conversation.pending) return played(yield* reply(revision, conversation, conversation.pending, content));
  const { outcome } = conversation;
  const got = outcome?.facts.kind === "request" ? `it went nowhere: ${whyNowhere(outcome.decision)}` : "no request";
  return stuck("a request that can be answered", got);
}

function whyNowhere({ verdict, rule, caching, record }: Decision): string {
  if (record.cache === "hit") return `it was answered before (${caching?.rule ?? ""})`;
  return rule === undefined ? verdict : `${verdict} by ${rule}`;
}

function played(conversation: Conversation): Played {
  return { kind: "played", conversation };
}

function stuck(expected: string, got: string): Played {
  return { kind: "stuck", expected, got };
}
