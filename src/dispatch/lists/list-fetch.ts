// Reads one list of one server to its end, page by page.
import { METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import type { ListFacts } from "../../mcp/lists.ts";
import { composeNotification } from "../../message/compose.ts";
import { isAmbiguous, parseContent } from "../../message/content.ts";
import type { ErrorEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import { entriesOf, rangeAt, rawAt, textAt } from "../../message/locate.ts";
import { codeOf } from "../exchanges/error-code.ts";
import type { Awaited, Reply } from "../peers/peer.ts";
import type { ServerLink } from "../peers/server-link.ts";
import type { KnownList, ListEntry } from "./server-list.ts";

/** A server that never ends its list would never be listed at all. */
const MAX_PAGES = 1000;

export type Fetched =
  | { readonly kind: "list"; readonly list: KnownList }
  | { readonly kind: "failed"; readonly reason: string };

export interface Fetching {
  /** The server is told that nobody waits any more, and `onEnd` that it failed. */
  giveUp(reason: string): void;
}

/** `onEnd` is called once, also when the server goes away. */
export function fetchList(server: ServerLink, list: ListFacts, onEnd: (fetched: Fetched) => void): Fetching {
  const fetching = new ListFetch(server, list, onEnd);
  fetching.ask(undefined);
  return fetching;
}

class ListFetch implements Awaited, Fetching {
  readonly origin = undefined;
  private id = "";
  private readonly server: ServerLink;
  private readonly list: ListFacts;
  private readonly onEnd: (fetched: Fetched) => void;
  private readonly entries: ListEntry[] = [];
  private readonly extras = new Map<string, string>();
  private readonly cursors = new Set<string>();

  constructor(server: ServerLink, list: ListFacts, onEnd: (fetched: Fetched) => void) {
    this.server = server;
    this.list = list;
    this.onEnd = onEnd;
  }

  ask(cursor: string | undefined): void {
    this.id = this.server.mint();
    this.server.awaited.set(this.id, this);
    this.server.send([this.server.compose(this.id, this.list.method, cursor === undefined ? undefined : { cursor })]);
  }

  onReply(reply: Reply): void {
    if (reply.kind === "error") {
      this.refused(reply);
      return;
    }
    const page = parseContent(reply)["result"];
    const entries = isJsonObject(page) ? page[this.list.member] : undefined;
    if (!isJsonObject(page) || !Array.isArray(entries)) {
      this.fail(`its result has no list \`${this.list.member}\``);
      return;
    }
    this.keep(reply, page, entries as readonly JsonValue[]);
    this.turn(page["nextCursor"]);
  }

  giveUp(reason: string): void {
    this.server.awaited.delete(this.id);
    this.server.send([composeNotification("notifications/cancelled", { requestId: Number(this.id), reason })]);
    this.fail(reason);
  }

  onLost(_code: number, message: string): void {
    this.fail(message);
  }

  /** A server may have resources and know nothing of templates: that is an empty list, and nothing to complain about. */
  private refused({ bytes, error }: ErrorEnvelope): void {
    if (codeOf(bytes, error) === METHOD_NOT_FOUND) this.turn(undefined);
    else this.fail(textAt(bytes, rangeAt(bytes, error, ["message"])) ?? "it answered with an error");
  }

  /** An empty cursor is one like any other (Pagination: clients must treat it as opaque). */
  private turn(cursor: JsonValue | undefined): void {
    if (typeof cursor !== "string") this.onEnd({ kind: "list", list: { entries: this.entries, extras: this.extras } });
    else if (this.cursors.has(cursor)) this.fail("its pages lead in a ring");
    else if (this.cursors.size >= MAX_PAGES) this.fail(`it has more than ${MAX_PAGES} pages`);
    else {
      this.cursors.add(cursor);
      this.ask(cursor);
    }
  }

  private keep(reply: ResultEnvelope, page: JsonObject, entries: readonly JsonValue[]): void {
    const { bytes, result } = reply;
    const isAmbiguousPage = isAmbiguous(reply);
    const list = rangeAt(bytes, result, [this.list.member]);
    const ranges = list === undefined ? [] : entriesOf(bytes, list);
    for (const [index, definition] of entries.entries()) {
      const range = ranges[index];
      if (!isJsonObject(definition) || range === undefined) continue;
      this.entries.push({
        definition,
        bytes: isAmbiguousPage ? Buffer.from(jsonText(definition)) : bytes.subarray(range.start, range.end),
      });
    }
    for (const key of Object.keys(page)) {
      if (key === this.list.member || key === "nextCursor" || this.extras.has(key)) continue;
      const range = rangeAt(bytes, result, [key]);
      if (range !== undefined) this.extras.set(key, rawAt(bytes, range));
    }
  }

  private fail(reason: string): void {
    this.onEnd({ kind: "failed", reason });
  }
}
