// How a client of the modern era introduces itself - it does so with every request - and what the rules made of it.
import type { Asker } from "../exchanges/exchange.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { DispatchOptions } from "../options.ts";
import type { Greeting } from "./greeting.ts";

/** A client has one way, or one for each kind of request. */
const MAX_KNOWN = 16;

const OWN_NAMES = new WeakMap<DispatchOptions["proxy"], JsonObject>();

/** The same object for all who ask: what is made of it is made once. */
function ownName(proxy: DispatchOptions["proxy"]): JsonObject {
  const known = OWN_NAMES.get(proxy) ?? { ...proxy };
  OWN_NAMES.set(proxy, known);
  return known;
}

export class Introductions {
  private readonly known = new Map<string, Greeting>();
  private readonly underway = new Map<string, (() => void)[]>();
  private last: Asker | undefined;

  get(said: string): Greeting | undefined {
    return this.known.get(said);
  }

  keep(said: string, greeting: Greeting): void {
    this.known.set(said, greeting);
    const [oldest] = this.known.keys();
    if (oldest !== undefined && this.known.size > MAX_KNOWN) this.known.delete(oldest);
  }

  /** The same one for requests that say the same, one after the other. */
  asker(greeting: Greeting, logLevel: string | undefined, proxy: DispatchOptions["proxy"]): Asker {
    if (this.last?.greeting === greeting && this.last.logLevel === logLevel) return this.last;
    this.last = { greeting, logLevel, proxy: ownName(proxy) };
    return this.last;
  }

  /** True: the same is being judged for another request, and `then` is called once that is done. */
  isUnderway(said: string, then: () => void): boolean {
    const waiting = this.underway.get(said);
    waiting?.push(then);
    return waiting !== undefined;
  }

  begin(said: string): void {
    this.underway.set(said, []);
  }

  /** Whatever came of it: who waited looks again. */
  end(said: string): void {
    const waiting = this.underway.get(said) ?? [];
    this.underway.delete(said);
    for (const action of waiting) action();
  }
}
