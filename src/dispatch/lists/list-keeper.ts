// Reads the lists of a client's servers, one session for all that may share them, and reads them again when they may be others.
import type { ListedKind } from "../../mcp/lists.ts";
import type { ReadList } from "../joint/joint-memory.ts";
import type { Laggards } from "../life/laggards.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { withoutUnsendable } from "../wording/mirrored-arguments.ts";
import { fetchList } from "./list-fetch.ts";
import type { ListReviews, ReviewHost } from "./list-reviews.ts";
import type { ServerList } from "./server-list.ts";

/** How long a client's request waits for servers that are slow to list what they have, in milliseconds. */
export const PATIENCE = 10_000;
/** How long a server may take to list what it has before it is asked again at the next occasion, in milliseconds. */
const TIMEOUT = 60_000;
/** A list of a server that does not announce its changes is read again when it is wanted and older than this, in milliseconds. */
const FRESH = 2_000;

export interface ListHost extends ReviewHost {
  /** The client has its answer to `initialize`: it is not kept waiting any more for servers that were not up by then. */
  readonly isRunning: boolean;
  readonly known: { readonly laggards: Laggards };
}

export class ListKeeper {
  private readonly host: ListHost;
  private readonly reviews: ListReviews;
  private readonly onOwn: (list: ServerList) => void;
  private readonly onReviewed: () => void;

  /**
   * `onOwn`: the process that runs now has said what it has, or that it does not say. `onReviewed`: after every attempt to read
   * a list, and before those who wait for it go on.
   */
  constructor(host: ListHost, reviews: ListReviews, onOwn: (list: ServerList) => void, onReviewed: () => void) {
    this.host = host;
    this.reviews = reviews;
    this.onOwn = onOwn;
    this.onReviewed = onReviewed;
  }

  /** One that does not take what it is sent is asked later, unless there is no list of its own yet that calls are judged by. */
  canList(link: ServerLink, list: ServerList): boolean {
    return link.isReady && (!link.isStuck || list.isRecalled) && link.capability(list.facts.capability) !== undefined;
  }

  /** Whether all that can be known of this server's things for now is known. */
  isSettled(link: ServerLink): boolean {
    if (link.isGone) return true;
    if (link.isComing) return this.host.isRunning;
    return link.allLists.every((list) => !this.canList(link, list) || list.hasFailed || this.isListed(list));
  }

  /** What it lists may be another by now, or was never read. */
  isStale(link: ServerLink, list: ServerList, since: number): boolean {
    return !link.announcesChanges(list) && this.host.outside.now - since > FRESH;
  }

  /** `isAnew`: it is asked, whatever others have heard of it. */
  fetch(link: ServerLink, list: ServerList, then?: () => void, isAnew = false): void {
    if (!this.canList(link, list)) {
      then?.();
      return;
    }
    if (then !== undefined) list.waiting.push(this.host.outside.later(then));
    if (list.isFetching) return;
    if (!isAnew && this.recall(link, list)) this.conclude(link, list, true);
    else this.ask(link, list);
  }

  /** True: another session has read it, and it stands. */
  private recall(link: ServerLink, list: ServerList): boolean {
    const read = link.joint?.listed(list.facts.kind);
    if (read === undefined || this.isStale(link, list, read.since)) return false;
    this.learn(link, list, read);
    return true;
  }

  private ask(link: ServerLink, list: ServerList): void {
    list.isFetching = true;
    list.isOutdated = false;
    const age = link.joint?.age ?? 0;
    const fetching = fetchList(link, list.facts, (fetched) => {
      this.host.outside.cancel(timer);
      list.isFetching = false;
      if (fetched.kind === "list") {
        const read = { list: fetched.list, since: this.host.outside.now };
        link.joint?.keep(list.facts.kind, read, age);
        this.learn(link, list, read);
      } else this.fail(link, list, fetched.reason);
      if (list.isOutdated && !link.isGone) this.fetch(link, list);
      else this.conclude(link, list, !link.isGone);
    });
    const timer = this.host.outside.after(TIMEOUT, () => fetching.giveUp("the server did not answer in time"));
  }

  /**
   * Reads this list again at the servers of which `wants` says so, and goes on when they answered, or after a while. Who
   * kept everybody waiting once is asked, and not waited for.
   */
  refresh(
    kind: ListedKind,
    wants: (link: ServerLink, list: ServerList) => boolean,
    then: () => void,
    isAnew = false,
  ): void {
    const asked = this.host.links.flatMap((link) => {
      const list = link.list(kind);
      return this.canList(link, list) && wants(link, list) ? [{ link, list }] : [];
    });
    const punctual = asked.filter(({ list }) => !list.isLate);
    for (const { link, list } of asked) if (list.isLate) this.fetch(link, list, undefined, isAnew);
    if (punctual.length === 0) {
      then();
      return;
    }
    let missing = punctual.length;
    const timer = this.host.outside.after(PATIENCE, () => {
      missing = Number.POSITIVE_INFINITY;
      for (const { list } of punctual) list.isLate = list.isFetching;
      then();
    });
    const arrive = (): void => {
      missing -= 1;
      if (missing > 0) return;
      this.host.outside.cancel(timer);
      then();
    };
    for (const { link, list } of punctual) this.fetch(link, list, arrive, isAnew);
  }

  private learn(link: ServerLink, list: ServerList, { list: known, since }: ReadList): void {
    this.host.known.laggards.listing.delete(link.name);
    const isOfTools = list.facts.kind === "tool";
    const usable = isOfTools
      ? withoutUnsendable(link, known, (problem) => this.reviews.say(problem, link.name))
      : known;
    list.learn(link.lists.one(list.facts.kind, usable), since);
  }

  private fail(link: ServerLink, list: ServerList, reason: string): void {
    list.hasFailed = true;
    // What it listed to somebody else is no ground to let a call through.
    if (list.isRecalled && !link.isGone) this.reviews.forget(list);
    if (!link.isGone) this.host.outside.report("warn", `\`${list.facts.method}\` failed: ${reason}`, link.name);
  }

  /** Who asks for it from now on waits for the next answer. `isSaid`: the server itself has spoken, and not its end. */
  private conclude(link: ServerLink, list: ServerList, isSaid: boolean): void {
    const { waiting } = list;
    const { starts } = link;
    list.waiting = [];
    this.reviews.review(link, list, () => {
      if (isSaid && link.starts === starts) this.onOwn(list);
      this.onReviewed();
      for (const action of waiting) action();
    });
  }

  /** The server has said what it has, and it was looked at. */
  private isListed({ known, review }: ServerList): boolean {
    return known !== undefined && review !== undefined;
  }
}
