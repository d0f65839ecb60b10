// Values that rules supplied to servers: kept, so that they are masked in what those servers say later of themselves.
import type { Facts } from "../../engine/facts.ts";
import type { ServerOptions } from "../options.ts";

const NONE: readonly string[] = [];

/** As one session has them. */
export class Supplied {
  private readonly own = new SuppliedSecrets();
  private readonly all: SuppliedSecrets;

  /** `all`: those of all sessions. */
  constructor(all: SuppliedSecrets) {
    this.all = all;
  }

  note({ kind, from, server }: Facts, secrets: readonly string[]): void {
    if (kind !== "request" || from !== "client" || server === undefined) return;
    this.own.add(server, secrets);
    this.all.add(server, secrets);
  }

  /**
   * What has to be masked in this message. `asked`: of its request; of a reply that is all, since it may be about anything
   * else that looks alike.
   */
  beside({ kind, from, server: name }: Facts, asked: readonly string[], server?: ServerOptions): readonly string[] {
    if (from === "client" || name === undefined || kind === "result" || kind === "error") return asked;
    const known = server === undefined ? this.own.of(name) : this.of(server);
    return known.length === 0 ? asked : [...new Set([...asked, ...known])];
  }

  /** What this server may tell of; the same list until there is more. What one that sessions share tells may be of any of them. */
  of({ name, life }: ServerOptions): readonly string[] {
    return (life?.share === true ? this.all : this.own).of(name);
  }

  /** To whatever server. */
  everything(): readonly string[] {
    return this.own.everything();
  }
}

/** Of one server; beyond that the oldest are forgotten. */
const MOST = 256;
/** Characters. A shorter value (`main`, `2026`) stands in too much that means something else, and is hardly a secret. */
const LEAST = 8;

export class SuppliedSecrets {
  private readonly byServer = new Map<string, readonly string[]>();

  add(server: string, secrets: readonly string[]): void {
    const known = this.of(server);
    const added = secrets.filter((secret) => secret.length >= LEAST && !known.includes(secret));
    if (added.length > 0) this.byServer.set(server, [...known, ...added].slice(-MOST));
  }

  of(server: string): readonly string[] {
    return this.byServer.get(server) ?? NONE;
  }

  everything(): readonly string[] {
    return this.byServer.size === 0 ? NONE : [...this.byServer.values()].flat();
  }
}
