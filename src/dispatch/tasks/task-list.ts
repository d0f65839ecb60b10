// `tasks/list` (2025-11-25): the tasks that this client asked for, as their servers tell of them, in one page.
import { INTERNAL_ERROR, INVALID_PARAMS, METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { composeRequest } from "../../message/compose.ts";
import { readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import { entriesOf, rangeAt, rawAt, textAt } from "../../message/locate.ts";
import type { Range } from "../../message/json-bytes/range.ts";
import { splice } from "../../message/edits/splice.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Answered, Exchange } from "../exchanges/exchange.ts";
import { forward } from "../forward.ts";
import { awaitExpected } from "../life/server-life.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { taskForm } from "./form.ts";

/** Pages of one server; tasks beyond are not listed. */
const MAX_PAGES = 100;

export function requestTaskList(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const { bytes, params, method } = envelope;
  const cursor = params === undefined ? undefined : rangeAt(bytes, params, ["cursor"]);
  if (cursor !== undefined && rawAt(bytes, cursor) !== "null") {
    exchange.error(INVALID_PARAMS, "this cursor is not one of ours");
    return;
  }
  const able = session.links.filter((link) => link.isReady && listsTasks(session, link));
  const again = (): void => requestTaskList(session, exchange, envelope);
  if (
    able.length === 0 &&
    awaitExpected(session, exchange, (link) => link.isExpected && listsTasks(session, link), again)
  )
    return;
  if (able.length === 0) {
    exchange.error(METHOD_NOT_FOUND, `no server knows \`${method}\``);
    return;
  }
  const collected = new Map<ServerLink, readonly string[] | Answered>();
  const collect = (link: ServerLink, entries: readonly string[] | Answered): void => {
    collected.set(link, entries);
    if (collected.size === able.length)
      show(
        exchange,
        able.map((one) => collected.get(one) ?? []),
      );
  };
  for (const link of able) {
    read(session, exchange, { link, envelope, entries: [], pages: 0 }, (entries) => collect(link, entries));
  }
}

function listsTasks(session: ClientSession, link: ServerLink): boolean {
  const tasks = link.capability("tasks");
  return taskForm(session, link) === "legacy" && isJsonObject(tasks) && Object.hasOwn(tasks, "list");
}

/** A list that cannot be had is missing; where none can, that is the answer. */
function show(exchange: Exchange, lists: readonly (readonly string[] | Answered)[]): void {
  const entries = lists.flatMap((list) => (isList(list) ? [...list] : []));
  const [refusal] = lists.flatMap((list) => (isList(list) ? [] : [list]));
  if (refusal !== undefined && !lists.some(isList)) exchange.answer(refusal.bytes, refusal.code);
  else
    exchange.answer([Buffer.from(`{"jsonrpc":"2.0","id":${exchange.id},"result":{"tasks":[${entries.join(",")}]}}`)]);
}

function isList(list: readonly string[] | Answered): list is readonly string[] {
  return Array.isArray(list);
}

interface Reading {
  readonly link: ServerLink;
  readonly envelope: RequestEnvelope;
  readonly entries: readonly string[];
  readonly pages: number;
}

/** Page by page; each is judged. */
function read(
  session: ClientSession,
  exchange: Exchange,
  { link, envelope, entries, pages }: Reading,
  then: (entries: readonly string[] | Answered) => void,
): void {
  const part = exchange.part((answer) => {
    if (answer === undefined) return;
    const page = answer.code === undefined ? pageIn(session, link, Buffer.concat(answer.bytes)) : undefined;
    const all = [...entries, ...(page?.entries ?? [])];
    if (page === undefined) then(pages === 0 ? refusalOf(exchange, answer) : all);
    else if (page.next === undefined || pages + 1 >= MAX_PAGES) then(all);
    else read(session, exchange, { link, envelope: next(session, page.next), entries: all, pages: pages + 1 }, then);
  });
  const facts = session.facts("request", envelope.method, "client", link.name);
  forward(session, { exchange: part, envelope, facts, from: session.client, to: link, link });
}

function refusalOf({ id }: Exchange, answer: Answered): Answered {
  if (answer.code !== undefined) return answer;
  const error = { code: INTERNAL_ERROR, message: "the list of tasks cannot be used" };
  return {
    bytes: [Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`)],
    code: INTERNAL_ERROR,
  };
}

function next({ options }: ClientSession, cursor: string): RequestEnvelope {
  const envelope = readEnvelope(composeRequest("0", "tasks/list", { cursor }), options.limits);
  if (envelope.kind !== "request") throw new Error("a request that was composed is none");
  return envelope;
}

interface Page {
  readonly entries: readonly string[];
  readonly next: string | undefined;
}

/** Tasks of others are left out. */
function pageIn(session: ClientSession, link: ServerLink, bytes: Buffer): Page | undefined {
  const envelope = readEnvelope(bytes, session.options.limits);
  const range = envelope.kind === "result" ? rangeAt(bytes, envelope.result, ["tasks"]) : undefined;
  if (envelope.kind !== "result" || range === undefined) return undefined;
  const entries = entriesOf(bytes, range).flatMap((entry) => entryFor(session, link, bytes, entry));
  return { entries, next: textAt(bytes, rangeAt(bytes, envelope.result, ["nextCursor"])) };
}

function entryFor(session: ClientSession, link: ServerLink, bytes: Buffer, entry: Range): readonly string[] {
  const id = rangeAt(bytes, entry, ["taskId"]);
  const task = session.tasks.ofServer(link.name, textAt(bytes, id) ?? "");
  if (id === undefined || task === undefined) return [];
  const own = bytes.subarray(entry.start, entry.end);
  const range = { start: id.start - entry.start, end: id.end - entry.start };
  return [Buffer.concat(splice(own, [{ range, text: JSON.stringify(task.exposed) }])).toString()];
}
