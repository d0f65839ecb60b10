// One server as one client session has it: how far its handshake is, what it can do, and its lists of things.
import type { Revision } from "../../engine/policy-store.ts";
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import { LISTS } from "../../mcp/lists.ts";
import type { Era } from "../../mcp/methods.ts";
import { composeRequest } from "../../message/compose.ts";
import { modernMeta, type Sender } from "../../message/eras/modern-meta.ts";
import type { MessageBytes } from "../event.ts";
import type { JointMemory } from "../joint/joint-memory.ts";
import type { Waiting } from "./lane.ts";
import { Backoff } from "../life/backoff.ts";
import { Deadlines } from "../life/deadlines.ts";
import { DEFAULT_LIFE, type ServerLife } from "../life/life-options.ts";
import type { Likeness } from "../wording/likeness.ts";
import type { ListMemory } from "../lists/list-memory.ts";
import { ServerList } from "../lists/server-list.ts";
import type { ServerOptions } from "../options.ts";
import type { Outside } from "../outside.ts";
import { Peer } from "./peer.ts";
import type { Filter } from "../subscriptions/filter.ts";
import { isLoudEnough } from "../subscriptions/log-levels.ts";

/** What a server said of itself in its handshake, after the rules. */
export interface Introduction {
  /** The protocol revision settled with it. */
  readonly protocol: string;
  readonly capabilities: JsonObject;
  readonly instructions: string | undefined;
}

/** What was asked of it to find out its era. */
export interface Probe {
  /** Of the question, as raw JSON text. */
  readonly id: string;
  settle(era: Era): void;
  end(): void;
  /** Runs `action` once it was answered after all, or never will be. */
  whenOver(action: () => void): void;
}

/** What it was asked to tell, in the modern era. */
export interface Listening {
  /** `method`: of the notification. */
  isToldOf(method: string): boolean;
  /** `id`: ours, of the request, as raw JSON text. */
  acknowledge(id: string, agreed: Filter): void;
  /** It will tell no more. */
  end(id: string): void;
}

const KINDS = LISTS.map(({ kind }) => kind);

export class ServerLink extends Peer {
  readonly options: ServerOptions;
  /** `undefined` until it is known. */
  era: Era | undefined;
  /** While it is asked. */
  probe: Probe | undefined;
  /** Its silence was taken for an answer; it may have one yet. */
  lateProbe: Probe | undefined;
  /** In the legacy era, for clients of the modern one: the most talkative level that any of their requests has asked for. */
  private heardFrom: string | undefined;
  /** In the modern era: as whom it is asked for what the proxy wants itself. */
  sender: Sender | undefined;
  /** In the modern era, once it was asked to tell anything. */
  listening: Listening | undefined;
  readonly life: ServerLife;
  /** Where sessions share it: what it has said to all of them. */
  readonly joint: JointMemory | undefined;
  /** What it listed to the session before, be it the same process or not. */
  readonly lists: ListMemory;
  readonly allLists: readonly ServerList[];
  readonly deadlines: Deadlines;
  readonly backoff: Backoff;
  /** Its process runs, so it can be greeted. */
  isOpen = false;
  isGreeted = false;
  /** The handshake with the process that runs now is done. */
  isReady = false;
  /** It does not take what it is sent. */
  isStuck = false;
  /** What it told an earlier session stands for what it says of itself, until its handshake is done. */
  isRecalled = false;
  /** `undefined` until its first handshake is done, or recalled. While it is down, what it said last stands. */
  introduction: Introduction | undefined;
  /** Its process had something to do with what its client wants, or has: what it says from then on may be about that. */
  isUsed = false;
  /** To be called when it is. */
  onUsed: (() => void) | undefined;
  /** How often it was started; shared with others, how often it was counted on. */
  starts = 0;
  /** How often it failed since it was ready, or at all. */
  failures = 0;
  /** For people, once it has failed. */
  goneBecause = "";
  /** A level for its log that was accepted before it was ready, under this revision. */
  levelToTell: { readonly params: JsonObject; readonly revision: Revision } | undefined;
  /** Requests that it will get when it is ready. */
  waiting: (() => void)[] = [];
  /** URIs in its own words that the client wants to hear of. */
  readonly subscriptions = new Set<string>();
  /** In the modern era: ids, in its own words, of tasks that the client listens for. */
  readonly followedTasks = new Set<string>();
  /** URIs it handed out in results, in its own words. */
  readonly handedOut = new Set<string>();
  /** What it said to the client before the client was ready for it. */
  held: Waiting[] = [];

  constructor(
    options: ServerOptions,
    outside: Outside,
    write: (bytes: MessageBytes, likeness: Likeness | undefined) => void,
  ) {
    const ids = options.life?.share === true ? outside.sharedIds(options.name) : undefined;
    super(options.name, (bytes, _stream, likeness) => write(bytes, likeness), ids);
    this.options = options;
    this.life = options.life ?? DEFAULT_LIFE;
    this.lists = outside.listMemory(options.name);
    this.joint = this.life.share ? outside.jointMemory(options.name) : undefined;
    this.deadlines = new Deadlines(this.awaited, outside);
    this.backoff = new Backoff(this.life.restart);
    this.allLists = LISTS.map((facts) => new ServerList(facts));
  }

  get name(): string {
    return this.options.name;
  }

  /** It can be asked for things of this kind, and the other: what it has of them is not only remembered. */
  serves(kind: ListedKind, other = kind): boolean {
    return this.isReady && !this.list(kind).isRecalled && !this.list(other).isRecalled;
  }

  /** It was up, and listed itself what it has, as far as it has. */
  get hasServed(): boolean {
    return this.isReady && this.allLists.every(({ isRecalled }) => !isRecalled);
  }

  /** It is only remembered so far, and nothing speaks against its coming. */
  get isExpected(): boolean {
    return this.isRecalled && this.introduction !== undefined && this.failures === 0;
  }

  /** It was never ready, and is not gone either: it may still come. */
  get isComing(): boolean {
    return this.introduction === undefined && !this.isGone;
  }

  /** Nothing was wanted of it yet. */
  get isAsleep(): boolean {
    return this.life.start === "lazy" && this.starts === 0;
  }

  /** Another process of it takes the place of the one that ended. */
  begin(): void {
    this.starts += 1;
    this.isStuck = false;
    this.isGone = false;
    this.hasEnded = false;
    this.isOpen = false;
    this.isGreeted = false;
    this.isUsed = false;
    this.heardFrom = undefined;
  }

  use(): void {
    if (this.isUsed) return;
    this.isUsed = true;
    this.onUsed?.();
    this.onUsed = undefined;
  }

  list(kind: ListedKind): ServerList {
    const list = this.allLists[KINDS.indexOf(kind)];
    if (list === undefined) throw new Error(`there is no list of ${kind}`);
    return list;
  }

  capability(name: string): JsonValue | undefined {
    const capabilities = this.introduction?.capabilities;
    return capabilities !== undefined && Object.hasOwn(capabilities, name) ? capabilities[name] : undefined;
  }

  /** Asks for something of the proxy's own, whatever comes of it. */
  order(method: string, params: JsonObject): void {
    const id = this.mint();
    this.awaited.set(id, { origin: undefined, onReply: () => undefined, onLost: () => undefined });
    this.send([this.compose(id, method, params)]);
  }

  /** A request of a modern client wants to hear what is logged about it, from this level on. */
  wantLogs(level: string): void {
    if (this.era === "modern" || this.capability("logging") === undefined) return;
    if (this.heardFrom !== undefined && isLoudEnough(level, this.heardFrom)) return;
    this.heardFrom = level;
    this.order("logging/setLevel", { level });
  }

  /** A request of the proxy's own. */
  compose(id: string, method: string, params?: JsonObject): Buffer {
    if (this.sender === undefined) return composeRequest(id, method, params);
    return composeRequest(id, method, { ...params, _meta: modernMeta(this.sender) });
  }

  /** Whether it says itself when this list of it is another. */
  announcesChanges(list: ServerList): boolean {
    if (this.era === "modern") return this.listening?.isToldOf(list.facts.changed) === true;
    const capability = this.capability(list.facts.capability);
    return isJsonObject(capability) && capability["listChanged"] === true;
  }
}
