// What all servers of one client session offer, under the names the client knows; kept up to date, and announced when it changes.
import type { ReviewedThing } from "../../engine/facts.ts";
import type { NameTable } from "../../engine/names/names.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { ListedKind, ListFacts } from "../../mcp/lists.ts";
import { LISTS } from "../../mcp/lists.ts";
import { SHORT_PATIENCE } from "../life/laggards.ts";
import { tellClashes } from "../observing/tell-clashes.ts";
import { tellUnknownNames } from "../observing/tell-unknown-names.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { Announcements } from "./announcements.ts";
import { ListKeeper, PATIENCE } from "./list-keeper.ts";
import { ListReviews } from "./list-reviews.ts";
import { namesFor } from "./names-alike.ts";
import { type Offer, Offering, type OfferingHost } from "./offering.ts";
import type { ServerList } from "./server-list.ts";

export interface CatalogueHost extends OfferingHost {
  /** Tells the client that a list is another: `notifications/tools/list_changed`. */
  announce(method: string): void;
}

const NOTHING: readonly ReviewedThing[] = [];

export class Catalogue {
  private readonly host: CatalogueHost;
  private readonly reviews: ListReviews;
  private readonly keeper: ListKeeper;
  private readonly offering: Offering;
  /** Under which the table was made; `undefined` while it must not be used. */
  private revision: Revision | undefined;
  private isPatient = true;
  /** Lists that others have read are known at once, one after the other. */
  private isAdding = false;
  /** Who kept others waiting before is not waited for any more. */
  private isHurried = false;
  private waiting: (() => void)[] = [];
  private readonly announcements = new Announcements();

  constructor(host: CatalogueHost) {
    this.host = host;
    this.reviews = new ListReviews(host);
    this.offering = new Offering(host);
    this.keeper = new ListKeeper(
      host,
      this.reviews,
      (list) => this.own(list),
      () => this.settle(),
    );
  }

  /** The table in force; a request keeps the one it came in under. */
  get names(): NameTable {
    const { table } = this.offering;
    if (table === undefined) throw new Error("names were asked for before there were any");
    return table;
  }

  /** From now on servers that are slow to list what they have are waited for a while, and no longer. */
  begin(): void {
    const { outside, links } = this.host;
    const { laggards } = this.host.known;
    if (links.every((link) => !link.isComing && !link.isGone && !this.isAwaited(link))) {
      this.isPatient = false;
      this.settle();
      return;
    }
    outside.after(PATIENCE, () => {
      for (const link of links) if (!this.keeper.isSettled(link)) laggards.listing.add(link.name);
      this.isPatient = false;
      this.settle();
    });
    if (links.some((link) => laggards.listing.has(link.name))) {
      outside.after(SHORT_PATIENCE, () => {
        this.isHurried = true;
        this.settle();
      });
    }
    this.settle();
  }

  /** Nothing is waited for: `whenCurrent` would run its action at once. */
  get isCurrent(): boolean {
    return this.revision !== undefined && this.revision === this.host.judge.revision;
  }

  /** Runs `action` once every server's things are known (or will not come soon) and were reviewed under the revision in force. */
  whenCurrent(action: () => void): void {
    if (this.revision !== this.host.judge.revision && !this.reviews.isUnderway) this.reconsider();
    if (this.revision === undefined) this.waiting.push(this.host.outside.later(action));
    else action();
  }

  find(kind: ListedKind, exposed: string): Offer | undefined {
    return this.offering.find(kind, exposed);
  }

  /** A thing of this name that the policy hides from this client; the first, if several servers have one. */
  findHidden(kind: ListedKind, own: string): Offer | undefined {
    for (const link of this.host.links) {
      const thing = link.list(kind).thing(own);
      if (thing !== undefined && !thing.listed) return { link, thing };
    }
    return undefined;
  }

  /** The `result` of a list request, with what these servers have. */
  merged(list: ListFacts, links: readonly ServerLink[]): Buffer {
    return this.offering.merged(list, this.names, links);
  }

  /** The server is ready, so its lists can be read. `then` runs once one of them was read, or will not be; `isLast`: so were all. */
  add(link: ServerLink, then?: (isLast: boolean) => void): void {
    let missing = link.allLists.length;
    const arrive = (): void => {
      missing -= 1;
      then?.(missing === 0);
    };
    this.isAdding = true;
    try {
      for (const list of link.allLists) {
        const isAbsent = link.capability(list.facts.capability) === undefined;
        if (isAbsent && list.known !== undefined) this.reviews.forget(list);
        if (isAbsent) this.own(list);
        this.keeper.fetch(link, list, then && arrive);
      }
    } finally {
      this.isAdding = false;
    }
    this.settle();
  }

  /** The server is not up yet, and what it has is known from before. */
  recall(link: ServerLink): void {
    for (const list of link.allLists) this.reviews.review(link, list, () => this.settle());
    this.settle();
  }

  /** A server is gone: what it had stays listed, so that names keep their owners. */
  lose(): void {
    this.settle();
  }

  /** A server says that what it has is another. `isToBeTold`: no rule keeps that from the client. */
  change(link: ServerLink, method: string, isToBeTold: boolean): void {
    if (isToBeTold) this.announcements.add(method);
    for (const list of link.allLists) {
      if (list.facts.changed !== method) continue;
      if (list.isFetching) list.isOutdated = true;
      else this.keeper.fetch(link, list);
    }
    this.settle();
  }

  /** Another revision is in force: everything is looked at again. */
  reconsider(): void {
    this.revision = undefined;
    this.reviews.reviewAll(() => this.settle());
  }

  /** Asks every server that may have such a thing by now. */
  lookAgain(kind: ListedKind, then: () => void): void {
    this.keeper.refresh(kind, () => true, then, true);
  }

  /** Before a list is served: servers that announce no changes may have others by now. */
  freshen(list: ListFacts, then: () => void): void {
    const { now } = this.host.outside;
    const isOld = (link: ServerLink, own: ServerList): boolean =>
      own.hasFailed || own.isDoubtful(now) || this.keeper.isStale(link, own, own.knownSince);
    const done = this.announcements.serve(list.changed);
    this.keeper.refresh(list.kind, isOld, () => {
      done();
      then();
    });
  }

  /** The server itself has said what it has, or that it has nothing. */
  private own(list: ServerList): void {
    if (!list.isRecalled) return;
    list.isRecalled = false;
    this.offering.forgetList(list.facts.kind);
  }

  /** Makes the table anew if something is new, nothing is missing that is worth waiting for, and lets those go on who waited. */
  private settle(): void {
    if (this.isAdding || this.reviews.isUnderway) return;
    if (this.reviews.isBehind) {
      this.reconsider();
      return;
    }
    if (this.isPatient && this.host.links.some((link) => this.isAwaited(link))) return;
    const { revision } = this.host.judge;
    if (this.reviews.takeNews() || this.revision !== revision) this.rename(revision);
    this.revision = revision;
    const { waiting } = this;
    this.waiting = [];
    for (const action of waiting) action();
    this.announcements.tell((changed) => this.host.announce(changed), this.host.links);
  }

  private isAwaited(link: ServerLink): boolean {
    if (this.isHurried && this.host.known.laggards.listing.has(link.name)) return false;
    return !this.keeper.isSettled(link);
  }

  private rename(revision: Revision): void {
    const { links, options, principal } = this.host;
    const catalogues = links.flatMap((link) =>
      link.allLists.map(({ facts, known, review }) => ({
        server: link.name,
        kind: facts.kind,
        things: review?.things ?? NOTHING,
        isExpected: known === undefined,
      })),
    );
    const { naming, names } = options;
    const previous = this.offering.table;
    const { table, problems } = namesFor(revision, { catalogues, naming, names, principal, previous });
    tellClashes(revision, problems, this.host.outside);
    tellUnknownNames(revision, links, this.host.outside);
    for (const { kind, changed } of LISTS) {
      const isOther = previous !== undefined && previous.signature(kind) !== table.signature(kind);
      if (isOther) this.announcements.addUnlessServed(changed);
    }
    this.offering.replace(table);
  }
}
