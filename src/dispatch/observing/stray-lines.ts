// What the process of a server prints among its messages and is none: the first line is shown, those that follow are counted.
import type { Malformed } from "../../message/envelope.ts";
import { printable } from "../../source/display-width.ts";

export interface StrayHost {
  /** Whatever the policy masks. */
  readonly mask: (text: string) => string;
  readonly report: (text: string) => void;
  readonly after: (milliseconds: number, action: () => void) => void;
}

/** A run is over when nothing came for so long; while it goes on it is told of after twice as long each time. In milliseconds. */
const QUIET = 10_000;
/** Who begins again and again is told of no more. */
const MOST_RUNS = 10;
/** So much is looked through for secrets, as of a line on stderr, and so much is shown. In characters, or in bytes of them. */
const LONGEST = 16_384;
const SHOWN = 100;

export class StrayLines {
  private readonly host: StrayHost;
  private isRun = false;
  private runs = 0;
  private untold = 0;

  constructor(host: StrayHost) {
    this.host = host;
  }

  hear(bytes: Buffer): void {
    if (this.isRun) {
      this.untold += 1;
      return;
    }
    if (this.runs === MOST_RUNS) return;
    this.runs += 1;
    this.isRun = true;
    this.host.report(`prints what is no MCP, which is dropped: \`${this.shown(bytes)}\`; ${CURE}`);
    this.wait(QUIET);
  }

  private wait(milliseconds: number): void {
    this.host.after(milliseconds, () => {
      const { untold } = this;
      this.untold = 0;
      this.isRun = untold > 0;
      if (untold === 0) return;
      this.host.report(`printed ${times(untold)} of what is no MCP, and was dropped; ${CURE}`);
      this.wait(milliseconds * 2);
    });
  }

  /** Masked before it is cut: half a secret is not found. */
  private shown(bytes: Buffer): string {
    const text = this.host.mask(bytes.toString("utf8", 0, LONGEST)).trim();
    const characters = Array.from(text.slice(0, 2 * SHOWN + 1));
    return printable(characters.slice(0, SHOWN).join("")) + (characters.length > SHOWN ? " …" : "");
  }
}

const CURE = "what is no MCP belongs on its stderr";

function times(count: number): string {
  return count === 1 ? "one more line" : `${count} more lines`;
}

/** Nothing in it says that it was to be a message. */
export function isStray({ id, form }: Pick<Malformed, "id" | "form">): boolean {
  return id === undefined && form === "unknown";
}
