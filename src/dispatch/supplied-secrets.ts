// Values that rules supplied to servers: kept, so that they are masked in whatever those servers say later.
import type { Facts } from "../engine/facts.ts";
import type { ServerOptions } from "./options.ts";

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

  /** What has to be masked in this message. `asked`: of its request. What a server that sessions share tells may hold what any of them supplied. */
  beside(facts: Facts, asked: readonly string[], server: ServerOptions | undefined): readonly string[] {
    if (facts.from === "client" || facts.server === undefined) return asked;
    const isReply = facts.kind === "result" || facts.kind === "error";
    const known = (server?.life?.share === true && !isReply ? this.all : this.own).of(facts.server);
    return known.length === 0 ? asked : [...new Set([...asked, ...known])];
  }

  /** To whatever server. */
  everything(): readonly string[] {
    return this.own.everything();
  }
}

/** Of one server; beyond that the oldest are forgotten. */
const MOST = 256;

export class SuppliedSecrets {
  private readonly byServer = new Map<string, readonly string[]>();

  add(server: string, secrets: readonly string[]): void {
    const known = this.of(server);
    if (secrets.every((secret) => known.includes(secret))) return;
    this.byServer.set(server, [...new Set([...known, ...secrets])].slice(-MOST));
  }

  of(server: string): readonly string[] {
    return this.byServer.get(server) ?? NONE;
  }

  everything(): readonly string[] {
    return this.byServer.size === 0 ? NONE : [...this.byServer.values()].flat();
  }
}
