// Requests of the client about one task: to the server whose task it is, which hears its own id; and its outcome, as the reply that it is.
import { recordHead } from "../../engine/telling/record.ts";
import { INVALID_PARAMS, METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import { readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { Range } from "../../message/json-bytes/range.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { forward } from "../forward.ts";
import { whenReady } from "../life/server-life.ts";
import type { Continued } from "../exchanges/passage.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { resultUris } from "../wording/result-uris.ts";
import { showDetails } from "./detailed-task.ts";
import { hasTasks, knowsTasks, refuseTasks, takesTasks, taskForm } from "./form.ts";
import { outcomeOf } from "./outcome.ts";
import { ownerOfTask, taskCalled } from "./sealed-task.ts";
import type { Task } from "./task-book.ts";
import { updateTask } from "./task-update.ts";

export function requestTask(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  if (!exchange.isWanted) return;
  const { bytes, params, method } = envelope;
  if (!hasTasks(session)) {
    exchange.error(METHOD_NOT_FOUND, `\`${method}\` is not available`);
    return;
  }
  if (exchange.asker !== undefined && !knowsTasks(exchange)) {
    refuseTasks(exchange);
    return;
  }
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["taskId"]);
  const exposed = textAt(bytes, range);
  if (range === undefined || exposed === undefined) {
    exchange.error(INVALID_PARAMS, `\`${method}\` needs a \`taskId\``);
    return;
  }
  const link = ownerOfTask(session, exposed);
  if (link !== undefined && !link.isReady) {
    whenReady(session, link, exchange, () => requestTask(session, exchange, envelope));
    return;
  }
  const task = taskCalled(session, exposed);
  if (link === undefined || task === undefined) refuseUnknown(session, exchange, envelope);
  else ask(session, exchange, { envelope, link, task, range });
}

interface AskedAbout {
  readonly envelope: RequestEnvelope;
  readonly link: ServerLink;
  readonly task: Task;
  /** Of its id. */
  readonly range: Range;
}

function ask(session: ClientSession, exchange: Exchange, about: AskedAbout): void {
  const { envelope, link, task } = about;
  const form = taskForm(session, link);
  if (form === "modern" && !takesTasks(session, link, exchange)) refuseTasks(exchange);
  else if (envelope.method === "tasks/update") {
    const state = (then: () => void): void => look(session, exchange, about, then);
    updateTask(session, exchange, {
      envelope,
      task,
      look: state,
      send: (told) => pass(session, exchange, about, told),
    });
  } else if (form === "modern" && envelope.method === "tasks/get") {
    const outcome = outcomeOf(session, exchange, task);
    const part = exchange.part((answer) => {
      if (answer === undefined) return;
      if (answer.code !== undefined) exchange.answer(answer.bytes, answer.code);
      else
        showDetails(session, { exchange, link, task, outcome, bytes: answer.bytes }, (shown) => exchange.answer(shown));
    });
    pass(session, part, about);
  } else pass(session, exchange, about);
}

function pass(
  session: ClientSession,
  exchange: Exchange,
  { envelope, link, task, range }: AskedAbout,
  continued?: Continued,
): void {
  const isForOutcome = envelope.method === "tasks/result";
  forward(session, {
    exchange,
    envelope,
    facts: session.facts("request", envelope.method, "client", link.name),
    from: session.client,
    to: link,
    link,
    inward: [{ at: ["params", "taskId"], range, text: JSON.stringify(task.own) }],
    outward: isForOutcome ? resultUris(session, link) : undefined,
    continued,
    about: { task, outcome: isForOutcome ? outcomeOf(session, exchange, task) : undefined },
  });
}

/** What was asked in a session that is over is learnt again. */
function look(session: ClientSession, exchange: Exchange, { link, task }: AskedAbout, then: () => void): void {
  const bytes = link.compose("0", "tasks/get", { taskId: task.own });
  const envelope = readEnvelope(bytes, session.options.limits);
  if (envelope.kind !== "request") throw new Error("a request that was composed is none");
  const outcome = outcomeOf(session, exchange, task);
  const part = exchange.part((answer) => {
    if (answer === undefined) return;
    if (answer.code !== undefined) exchange.answer(answer.bytes, answer.code);
    else showDetails(session, { exchange, link, task, outcome, bytes: answer.bytes }, then);
  });
  const facts = session.facts("request", envelope.method, "client", link.name);
  forward(session, { exchange: part, envelope, facts, from: session.client, to: link, link, about: { task } });
}

function refuseUnknown(session: ClientSession, exchange: Exchange, { method }: RequestEnvelope): void {
  const head = recordHead(session.judge.revision, session.facts("request", method, "client", undefined));
  const reason = "it asks about a task that this client did not ask for, or that is no more";
  session.outside.command({ kind: "record", record: { ...head, verdict: "block", reason } });
  exchange.error(INVALID_PARAMS, "Task not found");
}
