// What belongs to a call as a whole, however many rounds it takes, servers it goes to, or times it is judged.
import type { JsonValue } from "../../mcp/json.ts";
import type { SealedQuestion } from "../rounds/sealed-question.ts";
import type { Said } from "./approval.ts";

export interface RoundsSoFar {
  /** How often it has asked. */
  readonly rounds: number;
  /** The server's own state, as raw JSON text. */
  readonly up?: string | undefined;
  readonly questions: Readonly<Record<string, SealedQuestion>>;
}

/** What the model of a modern client said when it was asked. */
export interface Heard {
  /** What it was asked, as a digest. */
  readonly about: string;
  /** `undefined`: nothing. */
  readonly result?: JsonValue | undefined;
}

const NOTHING: readonly never[] = [];

export class LogicalCall {
  /** What humans have said of its messages. */
  said: readonly Said[] = NOTHING;
  /** How often in a row a human was asked about a message that was another one by the time of the answer. */
  tries = 0;
  /** In the modern era: what its client's model has said, and how often it was asked. */
  heard: readonly Heard[] = NOTHING;
  inquiries = 0;
  /** In the modern era: what its server has asked so far, and was told. */
  rounds: RoundsSoFar | undefined;
  /** Keys of the limits that it has its share of, or need not have one of any more. */
  readonly counted = new Set<string>();
  /** What waits until it is known whether it has its share of others. */
  private waiting: (() => void)[] | undefined;

  /** For who goes on with it elsewhere. */
  get countedKeys(): readonly string[] | undefined {
    return this.counted.size === 0 ? undefined : [...this.counted];
  }

  /** Runs `count` when no other one for this call is under way; it says, once, when it is done. */
  countInTurn(count: (done: () => void) => void): void {
    if (this.waiting !== undefined) {
      this.waiting.push(() => this.countInTurn(count));
      return;
    }
    this.waiting = [];
    count(() => {
      const next = this.waiting ?? [];
      this.waiting = undefined;
      for (const start of next) start();
    });
  }
}
