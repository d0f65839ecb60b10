// Reads the lists of a client's servers, has each reviewed under the policy, and reads them again when they may be others.
import { reviewCatalogue, type CatalogueReview } from "../../engine/catalogue/catalogue.ts";
import type { Asking } from "../../engine/decision.ts";
import type { Principal } from "../../engine/facts.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import { describeBug } from "../bug.ts";
import type { ReadList } from "../joint/joint-memory.ts";
import type { Judge } from "../judge.ts";
import type { Laggards } from "../life/laggards.ts";
import type { Outside } from "../outside.ts";
import type { ServerLink } from "../server-link.ts";
import { withoutUnsendable } from "../wording/mirrored-arguments.ts";
import { expectedList } from "./expected-list.ts";
import { fetchList } from "./list-fetch.ts";
import type { KnownList, ListReview, ServerList } from "./server-list.ts";

/** How long a client's request waits for servers that are slow to list what they have, in milliseconds. */
export const PATIENCE = 10_000;
/** How long a server may take to list what it has before it is asked again at the next occasion, in milliseconds. */
const TIMEOUT = 60_000;
/** A list of a server that does not announce its changes is read again when it is wanted and older than this, in milliseconds. */
const FRESH = 2_000;

export interface ListHost {
  readonly outside: Outside;
  readonly judge: Judge;
  readonly links: readonly ServerLink[];
  /** Of the client, once it has introduced itself. */
  readonly principal: Principal;
  /** The client has its answer to `initialize`: it is not kept waiting any more for servers that were not up by then. */
  readonly isRunning: boolean;
  readonly laggards: Laggards;
}

/** How long a list stands that was looked at while a module gave no answer, in milliseconds. */
const DOUBTFUL_FOR = 10_000;
const FOREVER = Number.POSITIVE_INFINITY;

export class ListKeeper {
  /** Some list was reviewed with another outcome since the last `takeNews`. */
  private hasNews = false;
  private reviewing = 0;
  /** Reviews of an earlier one are worth nothing any more, and nobody waits for them. */
  private generation = 0;
  private readonly said = new Set<string>();
  private readonly host: ListHost;
  private readonly onReviewed: () => void;

  /** `onReviewed`: after every attempt to read a list, and before those who wait for it go on. */
  constructor(host: ListHost, onReviewed: () => void) {
    this.host = host;
    this.onReviewed = onReviewed;
  }

  get isReviewing(): boolean {
    return this.reviewing > 0;
  }

  /** Some list was reviewed under another revision than the one in force, or for the client as it was before. */
  get isBehind(): boolean {
    const { links, judge, principal, outside } = this.host;
    return links.some((link) =>
      link.allLists.some((list) => {
        const current = this.currentOf(link, list);
        return current !== undefined && !list.isReviewed(current, judge.revision, principal, outside.now);
      }),
    );
  }

  takeNews(): boolean {
    const { hasNews } = this;
    this.hasNews = false;
    return hasNews;
  }

  canList(link: ServerLink, list: ServerList): boolean {
    return link.isReady && !link.isStuck && link.capability(list.facts.capability) !== undefined;
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
    if (!isAnew && this.recall(link, list)) this.review(link, list, () => this.release(list));
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
      else this.review(link, list, () => this.release(list));
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

  /** Another revision is in force: every list is looked at again. `onReviewed` is called once if nothing has to be asked. */
  reviewAll(): void {
    this.generation += 1;
    this.reviewing = 1;
    for (const link of this.host.links) {
      for (const list of link.allLists) this.review(link, list, this.onReviewed);
    }
    this.reviewing -= 1;
    this.onReviewed();
  }

  /** What is known of this server's lists, though it was not asked in this session. */
  reviewKnown(link: ServerLink): void {
    for (const list of link.allLists) this.review(link, list, this.onReviewed);
  }

  /** The same thing is said once a session, however often lists are read. */
  say(problem: string, server?: string): void {
    const key = `${server ?? ""}\n${problem}`;
    if (this.said.has(key)) return;
    this.said.add(key);
    this.host.outside.report("warn", problem, server);
  }

  private learn(link: ServerLink, list: ServerList, { list: known, since }: ReadList): void {
    this.host.laggards.listing.delete(link.name);
    const isOfTools = list.facts.kind === "tool";
    const usable = isOfTools ? withoutUnsendable(link, known, (problem) => this.say(problem, link.name)) : known;
    list.learn(usable, since);
  }

  private fail(link: ServerLink, list: ServerList, reason: string): void {
    list.hasFailed = true;
    if (!link.isGone) this.host.outside.report("warn", `\`${list.facts.method}\` failed: ${reason}`, link.name);
  }

  private release(list: ServerList): void {
    const { waiting } = list;
    list.waiting = [];
    this.onReviewed();
    for (const action of waiting) action();
  }

  /** A bug of ours must not keep everybody waiting: it costs this list, of which nothing is shown then. */
  private *guarded(review: Asking<CatalogueReview>, link: ServerLink): Asking<CatalogueReview> {
    try {
      return yield* review;
    } catch (bug) {
      this.host.outside.report("error", describeBug(bug), link.name);
      return { things: [], problems: [], records: [], isPartial: false, isDoubtful: false, isPlain: false, logs: [] };
    }
  }

  /** The server has said what it has, and it was looked at. */
  private isListed({ known, review }: ServerList): boolean {
    return known !== undefined && review !== undefined;
  }

  /** What there is to look at: what the server listed, else what it is expected to have. */
  private currentOf(link: ServerLink, list: ServerList): KnownList | undefined {
    return list.known ?? expectedList(link, list.facts, this.host.judge.revision.lock);
  }

  private accept(list: ServerList, review: ListReview): void {
    list.accept(review);
    this.hasNews = true;
  }

  private review(link: ServerLink, list: ServerList, then: () => void): void {
    const known = this.currentOf(link, list);
    const { outside, judge, principal } = this.host;
    const { revision } = judge;
    if (known === undefined || list.isReviewed(known, revision, principal, outside.now)) {
      then();
      return;
    }
    const { kind } = list.facts;
    const likewise = link.joint?.reviewed(kind, { of: known, revision, principal });
    if (likewise !== undefined) {
      this.accept(list, { of: known, revision, principal, things: likewise, isPartial: false, goodUntil: FOREVER });
      then();
      return;
    }
    this.reviewing += 1;
    const { generation } = this;
    const catalogue = {
      server: link.name,
      kind,
      definitions: known.entries.map((entry) => entry.definition),
      principal,
      now: outside.now,
      root: link.options.root,
      home: link.options.home,
    };
    outside.run(
      this.guarded(reviewCatalogue(revision, catalogue), link),
      ({ things, problems, records, isPartial, isDoubtful, isPlain, logs }) => {
        if (generation === this.generation) this.reviewing -= 1;
        // Of what is only expected nobody is told.
        if (list.known === known) {
          for (const problem of problems) this.say(problem, link.name);
          for (const record of records) outside.command({ kind: "record", record });
          for (const line of logs) outside.command({ kind: "log", line });
        }
        if (this.currentOf(link, list) === known && judge.revision === revision && this.host.principal === principal) {
          const goodUntil = isDoubtful ? outside.now + DOUBTFUL_FOR : FOREVER;
          this.accept(list, { of: known, revision, principal, things, isPartial, goodUntil });
          if (isPlain) link.joint?.keepReview(kind, { of: known, revision, principal, things });
        }
        then();
      },
    );
  }
}
