// Whether two clients are one and the same to every rule; those that are have one object for it.
import type { Principal } from "../../engine/facts.ts";

/** False where that would take a longer look, too. */
export function isSamePrincipal(one: Principal, other: Principal): boolean {
  if (one === other) return true;
  return (
    isSameClient(one.client, other.client) &&
    one.profile === other.profile &&
    isAlike(one.user, other.user) &&
    isAlike(one.languages, other.languages)
  );
}

function isSameClient(one: Principal["client"], other: Principal["client"]): boolean {
  return one?.name === other?.name && one?.version === other?.version && one?.title === other?.title;
}

/** Mostly the very same, or neither is there. */
function isAlike(one: Principal["user" | "languages"], other: Principal["user" | "languages"]): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/** What is remembered of one of them is found for the next: many sessions are of one kind of client. */
export class Principals {
  private last: Principal | undefined;

  /** The one that was the same, if it came just before. */
  one(principal: Principal): Principal {
    if (this.last === undefined || !isSamePrincipal(this.last, principal)) this.last = principal;
    return this.last;
  }
}
