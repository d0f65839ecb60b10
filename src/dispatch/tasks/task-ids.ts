// Where messages name tasks: put in the words of whoever reads them, and tasks that were just made are noted.
import type { Facts } from "../../engine/facts.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { Envelope, NotificationEnvelope, RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Asked } from "../judge.ts";
import type { Peer, Reply } from "../peers/peer.ts";
import type { ServerLink } from "../peers/server-link.ts";
import type { Placement } from "../wording/placement.ts";
import { asksForTask } from "./asked-for.ts";
import { mayBeAskedForTask, takesTasks, taskForm } from "./form.ts";
import { makeTask } from "./sealed-task.ts";
import type { Task, TaskOrigin } from "./task-book.ts";
import { makesTasks } from "./task-support.ts";

/** In `_meta` of whatever is said about a task in the legacy era (2025-11-25, Tasks). */
const RELATED_TASK = "io.modelcontextprotocol/related-task";

/** A request about a task. */
export interface AboutTask {
  readonly task: Task;
  /** The request whose reply comes back, where the outcome of the task does; absent: its state does. */
  readonly outcome?: Outcome | undefined;
}

export interface Outcome {
  readonly facts: Facts;
  readonly asked: Asked;
}

/** A request on its way, as much of it as matters here. */
export interface Call extends Asked {
  readonly id: string;
  readonly origin: {
    readonly exchange: Exchange;
    readonly envelope: RequestEnvelope;
    readonly facts: Facts;
    readonly link: ServerLink;
    readonly to: Peer;
    readonly about?: AboutTask | undefined;
  };
  request(): JsonObject;
}

const NOTHING: readonly never[] = [];

/** `toward`: whom the message goes to. */
export function relatedTask(
  session: ClientSession,
  { name }: ServerLink,
  toward: "client" | "server",
  { bytes, params, result }: Envelope,
): readonly Placement[] {
  const body = params ?? result;
  if (session.tasks.isEmpty || session.era !== "legacy" || body === undefined) return NOTHING;
  const range = rangeAt(bytes, body, ["_meta", RELATED_TASK, "taskId"]);
  const said = textAt(bytes, range);
  if (range === undefined || said === undefined) return NOTHING;
  const task = toward === "client" ? session.tasks.ofServer(name, said) : session.tasks.exposedAs(said);
  if (task?.server !== name) return NOTHING;
  const text = JSON.stringify(toward === "client" ? task.exposed : task.own);
  return [{ at: [params === undefined ? "result" : "params", "_meta", RELATED_TASK, "taskId"], range, text }];
}

/** Of a reply that may pass. */
export function tasksInReply(session: ClientSession, call: Call, reply: Reply): readonly Placement[] {
  const { link, to, about } = call.origin;
  if (reply.kind === "error" || taskForm(session, link) === undefined) return NOTHING;
  const isFromServer = to === link;
  const related = relatedTask(session, link, isFromServer ? "client" : "server", reply);
  if (about !== undefined) return [...related, ...(isFromServer ? stateOf(session, about, reply) : [])];
  if (!isFromServer) {
    noteClientTask(session, call, reply);
    return related;
  }
  const at = madeAt(session, call, reply);
  const range = at === undefined ? undefined : rangeAt(reply.bytes, reply.result, at);
  const own = textAt(reply.bytes, range);
  if (at === undefined || range === undefined || own === undefined) return related;
  const task = { ...makeTask(session, link, own, originOf(call)), token: tokenOf(call) };
  session.tasks.keep(task);
  return [...related, { at: ["result", ...at], range, text: JSON.stringify(task.exposed) }];
}

const ENDED: ReadonlySet<string | undefined> = new Set(["completed", "failed", "cancelled"]);

/** The task it is about is known: its id is told as the client knows it, whatever the server says. */
function stateOf(
  { tasks }: ClientSession,
  { task, outcome }: AboutTask,
  { bytes, result }: ResultEnvelope,
): Placement[] {
  if (outcome !== undefined || ENDED.has(textAt(bytes, rangeAt(bytes, result, ["status"])))) tasks.settle(task);
  const range = outcome === undefined ? rangeAt(bytes, result, ["taskId"]) : undefined;
  return range === undefined ? [] : [{ at: ["result", "taskId"], range, text: JSON.stringify(task.exposed) }];
}

/** The task that a notification of its server is about, if the client knows it. */
export function taskTold(
  { tasks }: ClientSession,
  { name }: ServerLink,
  { bytes, params }: NotificationEnvelope,
): Task | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["taskId"]);
  return tasks.ofServer(name, textAt(bytes, range) ?? "");
}

/** Of a notification that says how a task of the server's stands; `undefined`: the client knows no such task. */
export function statusOf(
  { tasks }: ClientSession,
  { name }: ServerLink,
  { bytes, params }: NotificationEnvelope,
): Placement | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["taskId"]);
  const task = tasks.ofServer(name, textAt(bytes, range) ?? "");
  if (params === undefined || range === undefined || task === undefined) return undefined;
  if (ENDED.has(textAt(bytes, rangeAt(bytes, params, ["status"])))) tasks.settle(task);
  return { at: ["params", "taskId"], range, text: JSON.stringify(task.exposed) };
}

/** Where the id of a task stands that is given in the place of an answer. */
function madeAt(session: ClientSession, call: Call, reply: ResultEnvelope): readonly string[] | undefined {
  const { envelope, link, exchange } = call.origin;
  if (envelope.method !== "tools/call") return undefined;
  if (makesTasks(link) && asksForTask(envelope)) return ["task", "taskId"];
  if (!takesTasks(session, link, exchange)) return undefined;
  const isTask = textAt(reply.bytes, rangeAt(reply.bytes, reply.result, ["resultType"])) === "task";
  return isTask ? ["taskId"] : undefined;
}

function originOf(call: Call): TaskOrigin {
  const { method, name, thing } = call.origin.facts;
  return { method, name, thing, tags: call.tags, secrets: call.secrets, request: JSON.stringify(call.request()) };
}

function tokenOf({ id, origin }: Call): Task["token"] {
  const { token } = origin.exchange;
  return token === undefined ? undefined : { ours: id, theirs: token.text };
}

/** What a client calls its own tasks the server may know: it is asked only about those it had asked for. */
function noteClientTask(session: ClientSession, call: Call, { bytes, result }: ResultEnvelope): void {
  const { link, envelope } = call.origin;
  if (!asksForTask(envelope) || !mayBeAskedForTask(session, link, envelope.method)) return;
  const own = textAt(bytes, rangeAt(bytes, result, ["task", "taskId"]));
  if (own === undefined) return;
  const made = { server: link.name, own, exposed: own, origin: originOf(call), questions: new Map() };
  session.clientTasks.keep({ ...made, token: tokenOf(call) });
}
