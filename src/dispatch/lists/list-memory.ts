// What one server listed last, and what was made of it where rules had no say: sessions whose servers list the same have one object for it.
import type { Principal, ReviewedThing } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import { isSamePrincipal } from "../peers/same-principal.ts";
import { isSameList, type KnownList } from "./server-list.ts";

/** A list as rules made it that had no say in it. */
interface PlainReview {
  readonly of: KnownList;
  readonly revision: Revision;
  readonly principal: Principal;
  readonly things: readonly ReviewedThing[];
}

/** Of one server, whether sessions share its process or have one each. */
export class ListMemory {
  private readonly lists = new Map<ListedKind, KnownList>();
  private readonly reviews = new Map<ListedKind, PlainReview>();

  /** The one that was listed just before, if it says the same, byte for byte. */
  one(kind: ListedKind, list: KnownList): KnownList {
    const last = this.lists.get(kind);
    if (last !== undefined && isSameList(last, list)) return last;
    this.lists.set(kind, list);
    return list;
  }

  /** What the last session made of this list, if it is one like this. */
  reviewed(
    kind: ListedKind,
    { of, revision, principal }: Omit<PlainReview, "things">,
  ): PlainReview["things"] | undefined {
    const last = this.reviews.get(kind);
    if (last === undefined || last.of !== of || last.revision !== revision) return undefined;
    return isSamePrincipal(last.principal, principal) ? last.things : undefined;
  }

  keepReview(kind: ListedKind, review: PlainReview): void {
    this.reviews.set(kind, review);
  }
}
