// What a client calls a task of a server: a seal over whose it is and what it came of, so that only who asked for it can ask about it.
import type { ClientSession } from "../peers/client-session.ts";
import { subjectOf } from "../rounds/sealed-round.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { taskForm } from "./form.ts";
import type { Task, TaskOrigin } from "./task-book.ts";

interface SealedTask {
  readonly v: 1;
  readonly k: "task";
  readonly server: string;
  readonly own: string;
  /** Digest of who asked for it. */
  readonly sub: string;
  /** Of the server, where its tasks end with its process or its session. */
  readonly run: string;
  /** Absent where it would be too long: then the task is known only where it was made. */
  readonly origin?: TaskOrigin;
}

/** It stands in a header too (2026-07-28, `Mcp-Name`), and all headers together have 16 KiB. */
const MAX_LENGTH = 4096;

/** A task its server has just made of a request. */
export function makeTask(session: ClientSession, link: ServerLink, own: string, origin: TaskOrigin): Task {
  const { seal } = session.options;
  const { name: server } = link;
  const head = { v: 1, k: "task", server, own, sub: subject(session), run: runOf(session, link) } as const;
  const whole = seal.seal(JSON.stringify({ ...head, origin } satisfies SealedTask));
  const exposed = whole.length <= MAX_LENGTH ? whole : seal.seal(JSON.stringify(head satisfies SealedTask));
  return { server, own, exposed, origin, questions: new Map() };
}

/** The server whose task it is, if this client asked for it; it may have to be started to tell more. */
export function ownerOfTask(session: ClientSession, exposed: string): ServerLink | undefined {
  const server = opened(session, exposed)?.server;
  return server === undefined ? undefined : session.link(server);
}

/** `undefined`: this client has no such task. */
export function taskCalled(session: ClientSession, exposed: string): Task | undefined {
  const sealed = opened(session, exposed);
  const link = sealed === undefined ? undefined : session.link(sealed.server);
  const { tasks } = session;
  if (sealed === undefined || link === undefined || taskForm(session, link) === undefined) return undefined;
  const known = tasks.exposedAs(exposed);
  if (known !== undefined) return known;
  const { own, run, origin } = sealed;
  // Its server may call another one so by now.
  const isOver = run !== runOf(session, link) || tasks.ofServer(link.name, own) !== undefined;
  if (isOver || origin === undefined) return undefined;
  const task = { server: link.name, own, exposed, origin, questions: new Map() };
  tasks.keep(task);
  return task;
}

function opened(session: ClientSession, exposed: string): SealedTask | undefined {
  const plain = session.options.seal.open(exposed);
  const sealed = plain === undefined ? undefined : (JSON.parse(plain) as Partial<SealedTask>);
  return sealed?.v === 1 && sealed.k === "task" && sealed.sub === subject(session) ? (sealed as SealedTask) : undefined;
}

function subject(session: ClientSession): string {
  return session.options.seal.digest(subjectOf(session));
}

/** Its process has ended, or its session. */
export function forgetTasks({ tasks, clientTasks }: ClientSession, link: ServerLink): void {
  clientTasks.forget(link.name);
  if (!outlivesSessions(link)) tasks.forget(link.name);
}

function runOf({ tasks, options }: ClientSession, link: ServerLink): string {
  return outlivesSessions(link) ? "" : tasks.runOf(link.name, options.token);
}

/** Over HTTP in the modern era a server has no sessions, so whoever made a task may ask for it in any of ours. */
function outlivesSessions({ era, options }: ServerLink): boolean {
  return era === "modern" && options.transport === "http";
}
