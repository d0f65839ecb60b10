// What servers said of themselves and listed, for later sessions of clients that introduce themselves the same way: it stands for a server that is not up yet.
import type { Era } from "../../mcp/methods.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import type { ResultEnvelope } from "../../message/envelope.ts";
import type { Greeting } from "../handshake/greeting.ts";
import { isSameList, type KnownList, type ServerList } from "../lists/server-list.ts";
import type { ServerLink } from "../peers/server-link.ts";
import type { ServerLife } from "./life-options.ts";

export interface RecalledList {
  readonly kind: ListedKind;
  readonly list: KnownList;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/**
 * The lists are as the server had them before it was asked for anything else: what it has for one client once that has used
 * it is nobody else's business.
 */
export class Recollection {
  readonly era: Era | undefined;
  /** Its answer to the handshake, as it came: each session judges it by itself. */
  readonly reply: ResultEnvelope;
  private readonly read: () => readonly RecalledList[];
  private final: readonly RecalledList[] | undefined;

  constructor(era: Era | undefined, reply: ResultEnvelope, read: () => readonly RecalledList[]) {
    this.era = era;
    this.reply = reply;
    this.read = read;
  }

  get lists(): readonly RecalledList[] {
    return this.final ?? this.read();
  }

  isStill({ bytes, result }: ResultEnvelope, lists: readonly RecalledList[]): boolean {
    const said = this.reply.bytes.subarray(this.reply.result.start, this.reply.result.end);
    const known = this.lists;
    return (
      said.equals(bytes.subarray(result.start, result.end)) &&
      known.length === lists.length &&
      known.every((one, index) => isSameRecalled(one, lists[index]))
    );
  }

  /** What becomes of the lists from now on may be about this client alone. */
  conclude(): void {
    this.final ??= this.read();
  }
}

/** Kinds of clients that are remembered for each server; the oldest is forgotten first. */
const MAX_KNOWN = 16;

/** One that sessions share has said already what it says to the next; unless it is not there before that one wants it. */
export function isRemembered({ start, share }: ServerLife): boolean {
  return start === "lazy" || !share;
}

export class Recollections {
  private readonly byServer = new Map<string, Map<string, Recollection>>();

  /** A server may have other things for another client, or one that can do less. */
  of({ name }: ServerLink, greeting: Greeting): Recollection | undefined {
    return this.byServer.get(name)?.get(keyOf(greeting));
  }

  /** The server has just listed what it has. What one says that was used by then is not kept, nor is what it contradicts. */
  keep(link: ServerLink, greeting: Greeting, reply: ResultEnvelope): void {
    const { name, era, allLists } = link;
    if (link.isUsed) {
      if (this.of(link, greeting)?.isStill(reply, listsOf(allLists)) === false) this.forgetKind(link, greeting);
      return;
    }
    const recollection = new Recollection(era, reply, () => listsOf(allLists));
    link.onUsed = () => recollection.conclude();
    const known = this.byServer.get(name) ?? new Map<string, Recollection>();
    this.byServer.set(name, known);
    const key = keyOf(greeting);
    known.delete(key);
    known.set(key, recollection);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size > MAX_KNOWN) known.delete(oldest);
  }

  /** It does not do what it did: nothing that it said stands for it any more, for no kind of client. */
  forget({ name }: ServerLink): void {
    this.byServer.delete(name);
  }

  private forgetKind({ name }: ServerLink, greeting: Greeting): void {
    this.byServer.get(name)?.delete(keyOf(greeting));
  }
}

function listsOf(lists: readonly ServerList[]): readonly RecalledList[] {
  return lists.flatMap(({ facts: { kind }, known: list, knownSince: since }) =>
    list === undefined ? [] : [{ kind, list, since }],
  );
}

function isSameRecalled(one: RecalledList, other: RecalledList | undefined): boolean {
  return other !== undefined && one.kind === other.kind && isSameList(one.list, other.list);
}

function keyOf({ after }: Greeting): string {
  return JSON.stringify(after);
}
