// `reply`: what the other side answers goes back through the policy; a list becomes the catalogue first.
import type { Asking, Content, Decision } from "../../engine/decision.ts";
import type { Facts } from "../../engine/facts.ts";
import type { NameTable } from "../../engine/names/names.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { isJsonArray, isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { listOfMethod, type ListFacts } from "../../mcp/lists.ts";
import { answering } from "./answer-needs.ts";
import type { Conversation, Pending } from "./conversation.ts";
import { judge, type Outcome } from "./judge.ts";
import type { Outside } from "./outside.ts";
import { review, withList } from "./test-catalogue.ts";

/** `content` is `{result}` or `{error}`. */
export function reply(
  revision: Revision,
  conversation: Conversation,
  pending: Pending,
  content: Content,
): Asking<Conversation> {
  const { outside, now } = conversation;
  return answering(pass(revision, conversation, pending, content), outside, now);
}

function* pass(
  revision: Revision,
  conversation: Conversation,
  pending: Pending,
  content: Content,
): Asking<Conversation> {
  const facts: Facts = {
    ...pending.facts,
    kind: content["error"] === undefined ? "result" : "error",
    from: pending.facts.from === "client" ? "server" : "client",
    principal: conversation.principal,
  };
  const { request, thing, tags, secrets } = pending;
  const surroundings = { now: conversation.now, request, thing, tags, secrets, root: undefined, home: undefined };
  const list = facts.from === "server" ? listOfMethod(facts.method) : undefined;
  const { result } = content;
  if (list && isJsonObject(result))
    return yield* replyList(revision, conversation, { facts, surroundings, list, result });
  const outside = kept(conversation, pending, content);
  return { ...conversation, ...(yield* judge(revision, { facts, content, surroundings }, outside)) };
}

/** As the server sent it: rules for results are asked again for whoever gets it next. */
function kept({ outside, now }: Conversation, { keeping }: Pending, { result }: Content): Outside {
  if (!keeping || !isJsonObject(result) || !mayBeKept(result, keeping.isForAll)) return outside;
  const answer = { result, endsAt: now + keeping.forMs };
  return { ...outside, answers: new Map(outside.answers).set(keeping.key, answer) };
}

function mayBeKept({ isError, resultType, task, cacheScope }: JsonObject, isForAll: boolean): boolean {
  const isWhole = resultType === undefined || resultType === "complete";
  return isError !== true && isWhole && task === undefined && !(isForAll && cacheScope === "private");
}

interface ListReply {
  readonly facts: Facts;
  readonly surroundings: Outcome["surroundings"];
  readonly list: ListFacts;
  readonly result: JsonObject;
}

/** The proxy keeps catalogues, and makes the lists that a client sees from them: so does a test. */
function* replyList(
  revision: Revision,
  conversation: Conversation,
  { facts, surroundings, list, result }: ListReply,
): Asking<Conversation> {
  const { server = "server" } = facts;
  const entries = result[list.member];
  const definitions = isJsonArray(entries) ? entries.filter(isJsonObject) : [];
  const lists = withList(conversation.lists, { server, kind: list.kind, definitions });
  const reviewed = yield* review(revision, lists, conversation);
  const things = reviewed.outcomes(server, list.kind);
  const shown = { result: { ...result, [list.member]: shownEntries(reviewed.table, server, list) } };
  const decision = allowed(revision, facts, shown);
  const outcome = { facts, surroundings, before: { result }, decision, things, gates: [], shown };
  return { ...conversation, lists, outcome };
}

function shownEntries(table: NameTable, server: string, list: ListFacts): readonly JsonObject[] {
  return table
    .exposed(list.kind)
    .filter((entry) => entry.server === server)
    .map(({ thing, exposed }) => Object.assign({}, thing.definition, { [list.identity]: exposed }));
}

/** Lists are not refused as a whole: their entries are. */
function allowed(revision: Revision, { method, from, server = "" }: Facts, content: Content): Decision {
  return {
    verdict: "allow",
    rule: undefined,
    reason: undefined,
    asError: false,
    code: 0,
    answer: undefined,
    question: undefined,
    limits: [],
    caching: undefined,
    lasting: [],
    content,
    changed: true,
    tags: [],
    logs: [],
    secrets: [],
    record: { revision: revision.id, kind: "catalogue", method, from, server, verdict: "allow" },
  };
}
