// Has what the servers list reviewed under the policy in force, for this client, and knows what is behind it.
import { reviewCatalogue, type CatalogueReview } from "../../engine/catalogue/catalogue.ts";
import type { Asking } from "../../engine/decision.ts";
import type { Principal } from "../../engine/facts.ts";
import { describeBug } from "../bug.ts";
import type { Judge } from "../judge.ts";
import type { Outside } from "../outside.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { expectedList } from "./expected-list.ts";
import type { KnownList, ListReview, ServerList } from "./server-list.ts";

export interface ReviewHost {
  readonly outside: Outside;
  readonly judge: Judge;
  readonly links: readonly ServerLink[];
  /** Of the client, once it has introduced itself. */
  readonly principal: Principal;
}

/** How long a list stands that was looked at while a module gave no answer, in milliseconds. */
const DOUBTFUL_FOR = 10_000;
const FOREVER = Number.POSITIVE_INFINITY;

export class ListReviews {
  /** Some list was reviewed with another outcome since the last `takeNews`. */
  private hasNews = false;
  private reviewing = 0;
  /** Reviews of an earlier one are worth nothing any more, and nobody waits for them. */
  private generation = 0;
  private readonly said = new Set<string>();
  private readonly host: ReviewHost;

  constructor(host: ReviewHost) {
    this.host = host;
  }

  get isUnderway(): boolean {
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

  /** Another revision is in force: every list is looked at again. `onReviewed`: after each, and once at least. */
  reviewAll(onReviewed: () => void): void {
    this.generation += 1;
    this.reviewing = 1;
    for (const link of this.host.links) {
      for (const list of link.allLists) this.review(link, list, onReviewed);
    }
    this.reviewing -= 1;
    onReviewed();
  }

  /** `then`: also where there is nothing to look at, or nothing new. */
  review(link: ServerLink, list: ServerList, then: () => void): void {
    const known = this.currentOf(link, list);
    const { outside, judge, principal } = this.host;
    const { revision } = judge;
    if (known === undefined || list.isReviewed(known, revision, principal, outside.now)) {
      then();
      return;
    }
    const { kind } = list.facts;
    const likewise = link.lists.reviewed(kind, { of: known, revision, principal });
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
          if (isPlain) link.lists.keepReview(kind, { of: known, revision, principal, things });
        }
        then();
      },
    );
  }

  forget(list: ServerList): void {
    list.forget();
    this.hasNews = true;
  }

  /** The same thing is said once a session, however often lists are read. */
  say(problem: string, server?: string): void {
    const key = `${server ?? ""}\n${problem}`;
    if (this.said.has(key)) return;
    this.said.add(key);
    this.host.outside.report("warn", problem, server);
  }

  /** What there is to look at: what the server listed, else what it is expected to have. */
  private currentOf(link: ServerLink, list: ServerList): KnownList | undefined {
    return list.known ?? expectedList(link, list.facts, this.host.judge.revision.lock);
  }

  private accept(list: ServerList, review: ListReview): void {
    list.accept(review);
    this.hasNews = true;
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
}
