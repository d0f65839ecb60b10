// Questions that wait for a human's answer: how many there are about one principal's messages, and those that anybody at the machine may decide.
import type { Channel } from "./approval.ts";

export interface OpenQuestion {
  /** Eight hexadecimal digits, for people to type. */
  readonly id: string;
  readonly channel: Channel;
  /** As it is shown, masked. */
  readonly text: string;
  readonly rules: readonly string[];
  readonly method: string;
  readonly server: string | undefined;
  readonly name: string | undefined;
  readonly client: string | undefined;
  readonly user: string | undefined;
  /** Milliseconds since 1970. */
  readonly askedAt: number;
  readonly until: number;
  /** SHA-256 of what would be sent. */
  readonly digest: string;
}

/** `by`: who says so. */
export type Decide = (approves: boolean, by: string) => void;

interface Waiting {
  readonly question: OpenQuestion;
  readonly subject: string;
  /** Absent: it is not in the queue, its answer comes another way. */
  readonly decide: Decide | undefined;
}

export class OpenQuestions {
  private readonly waiting = new Map<string, Waiting>();

  /** About this subject's messages. Those whose time has run out do not count. */
  countOf(subject: string, now: number): number {
    for (const [id, { question }] of this.waiting) if (question.until < now) this.waiting.delete(id);
    return [...this.waiting.values()].filter((one) => one.subject === subject).length;
  }

  /** `token`: 128 random bits. */
  newId(token: () => string): string {
    for (;;) {
      const id = Buffer.from(token(), "base64url").toString("hex").slice(-8);
      if (!this.waiting.has(id)) return id;
    }
  }

  add(subject: string, question: OpenQuestion, decide?: Decide): void {
    this.waiting.set(question.id, { question, subject, decide });
  }

  remove(id: string): void {
    this.waiting.delete(id);
  }

  /** The queue, oldest first. */
  inQueue(): readonly OpenQuestion[] {
    return [...this.waiting.values()].flatMap(({ question, decide }) => (decide === undefined ? [] : [question]));
  }

  /** Of a question that is not there any more nothing comes. */
  decide(id: string, approves: boolean, by: string): void {
    this.waiting.get(id)?.decide?.(approves, by);
  }
}
