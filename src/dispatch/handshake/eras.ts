// Which era each server was found to speak, and when: what one client session found out, the next need not ask again.
import type { Era } from "../../mcp/methods.ts";
import type { ServerOptions } from "../options.ts";

/** A server may be another one by then, and one that is taken for a legacy one never says that it is not. In milliseconds. */
const GOOD_FOR = 60 * 60 * 1000;

interface Finding {
  readonly era: Era;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export class Eras {
  private readonly found = new Map<string, Finding>();

  /** `undefined`: it has to be asked. */
  of({ name, era }: ServerOptions, now: number): Era | undefined {
    if (era !== undefined) return era;
    const finding = this.found.get(name);
    return finding === undefined || now - finding.at > GOOD_FOR ? undefined : finding.era;
  }

  find({ name }: ServerOptions, era: Era, now: number): void {
    this.found.set(name, { era, at: now });
  }

  /** It did not behave like one. */
  forget({ name }: ServerOptions): void {
    this.found.delete(name);
  }
}
