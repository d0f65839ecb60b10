// One server as one client session has it: how far its handshake is, what it can do, and its lists of things.
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { isJsonObject } from "../mcp/json.ts";
import type { ListedKind } from "../mcp/lists.ts";
import { LISTS } from "../mcp/lists.ts";
import { composeRequest } from "../message/compose.ts";
import type { MessageBytes } from "./event.ts";
import type { Waiting } from "./lane.ts";
import type { ServerOptions } from "./options.ts";
import { Peer } from "./peer.ts";
import { ServerList } from "./server-list.ts";

/** What a server said of itself in its handshake, after the rules. */
export interface Introduction {
  /** The protocol revision settled with it. */
  readonly protocol: string;
  readonly capabilities: JsonObject;
  readonly instructions: string | undefined;
}

export class ServerLink extends Peer {
  readonly options: ServerOptions;
  readonly allLists: readonly ServerList[];
  /** Its process runs, so it can be greeted. */
  isOpen = false;
  isGreeted = false;
  /** `undefined` until its handshake is done. */
  introduction: Introduction | undefined;
  /** For people, once it is gone. */
  goneBecause = "";
  /** URIs in its own words that the client wants to hear of. */
  readonly subscriptions = new Set<string>();
  /** URIs it handed out in results, in its own words. */
  readonly handedOut = new Set<string>();
  /** What it said to the client before the client was ready for it. */
  held: Waiting[] = [];

  constructor(options: ServerOptions, write: (bytes: MessageBytes) => void) {
    super(options.name, write);
    this.options = options;
    this.allLists = LISTS.map((facts) => new ServerList(facts));
  }

  get name(): string {
    return this.options.name;
  }

  get isReady(): boolean {
    return this.introduction !== undefined && !this.isGone;
  }

  /** Neither ready nor gone: it may still come. */
  get isComing(): boolean {
    return this.introduction === undefined && !this.isGone;
  }

  list(kind: ListedKind): ServerList {
    const found = this.allLists.find((list) => list.facts.kind === kind);
    if (found === undefined) throw new Error(`there is no list of ${kind}`);
    return found;
  }

  capability(name: string): JsonValue | undefined {
    const capabilities = this.introduction?.capabilities;
    return capabilities !== undefined && Object.hasOwn(capabilities, name) ? capabilities[name] : undefined;
  }

  /** Asks for something of the proxy's own, whatever comes of it. */
  order(method: string, params: JsonObject): void {
    const id = this.mint();
    this.awaited.set(id, { origin: undefined, onReply: () => undefined, onLost: () => undefined });
    this.send([composeRequest(id, method, params)]);
  }

  /** Whether it says itself when this list of it is another. */
  announcesChanges(list: ServerList): boolean {
    const capability = this.capability(list.facts.capability);
    return isJsonObject(capability) && capability["listChanged"] === true;
  }
}
