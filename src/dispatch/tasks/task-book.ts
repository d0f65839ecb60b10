// The tasks that one client session knows: whose they are, what the client calls them, and which request's reply their outcome is.
import type { Facts } from "../../engine/facts.ts";
import type { SealedQuestion } from "../rounds/sealed-question.ts";

/** What is known of the request that a task was made of. */
export interface TaskOrigin {
  readonly method: string;
  readonly name: string | undefined;
  readonly thing: Facts["thing"];
  readonly tags: readonly string[];
  readonly secrets: readonly string[];
  /** `{method, params}` as it was sent, as JSON text. */
  readonly request: string;
}

export interface Task {
  /** Whose it is; of a client's task: who asked for it. */
  readonly server: string;
  /** As its maker calls it. */
  readonly own: string;
  /** As the other side calls it. */
  readonly exposed: string;
  readonly origin: TaskOrigin;
  /** In the modern era: what its server has asked, by key. */
  readonly questions: Map<string, AskedInTask>;
  /** In the legacy era: progress is told under this token (raw JSON text) for as long as the task lives. */
  readonly token?: { readonly ours: string; readonly theirs: string } | undefined;
}

/** A question as it was judged. */
export interface AskedInTask {
  /** As the server asked it, as raw JSON text. */
  readonly raw: string;
  /** Of the policy. */
  readonly revision: string;
  readonly sealed: SealedQuestion;
}

/** Of one session; the oldest are forgotten first, and known again by their seals. */
const MAX_KNOWN = 1000;

interface KnownTasks {
  readonly byOwn: Map<string, Task>;
  readonly byExposed: Map<string, Task>;
  readonly byToken: Map<string, Task>;
}

export class TaskBook {
  /** Made for the first: most sessions have no tasks. */
  private known: KnownTasks | undefined;
  private runs: Map<string, string> | undefined;

  get isEmpty(): boolean {
    return this.known === undefined || this.known.byOwn.size === 0;
  }

  ofServer(server: string, own: string): Task | undefined {
    return this.known?.byOwn.get(keyOf(server, own));
  }

  exposedAs(exposed: string): Task | undefined {
    return this.known?.byExposed.get(exposed);
  }

  /** `token`: ours, as raw JSON text. */
  progressing(server: string, token: string): Task | undefined {
    return this.known?.byToken.get(keyOf(server, token));
  }

  /** A server that gives an id anew means another task by it. */
  keep(task: Task): void {
    const before = this.ofServer(task.server, task.own);
    if (before !== undefined) this.drop(before);
    this.known ??= { byOwn: new Map(), byExposed: new Map(), byToken: new Map() };
    const { byOwn, byExposed, byToken } = this.known;
    byOwn.set(keyOf(task.server, task.own), task);
    byExposed.set(task.exposed, task);
    if (task.token !== undefined) byToken.set(keyOf(task.server, task.token.ours), task);
    const [oldest] = byOwn.values();
    if (oldest !== undefined && byOwn.size > MAX_KNOWN) this.drop(oldest);
  }

  /** It has ended: nothing is told of its progress any more. */
  settle({ server, token }: Task): void {
    if (token !== undefined) this.known?.byToken.delete(keyOf(server, token.ours));
  }

  /** Tells one life of a server, which keeps its tasks to itself, from the next. */
  runOf(server: string, token: () => string): string {
    this.runs ??= new Map();
    const run = this.runs.get(server) ?? token();
    this.runs.set(server, run);
    return run;
  }

  /** The server has ended, and whatever it meant by an id. */
  forget(server: string): void {
    this.runs?.delete(server);
    for (const task of this.known?.byOwn.values() ?? []) if (task.server === server) this.drop(task);
  }

  private drop(task: Task): void {
    this.settle(task);
    this.known?.byOwn.delete(keyOf(task.server, task.own));
    this.known?.byExposed.delete(task.exposed);
  }
}

/** Names of servers hold no blank. */
function keyOf(server: string, id: string): string {
  return `${server} ${id}`;
}
