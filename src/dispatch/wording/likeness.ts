// What a request says on its way out that was put together from the bytes it came in: nobody has to read it again.
import type { RequestEnvelope } from "../../message/envelope.ts";

/** Its method is that of `of`; in the modern era its arguments are, too. */
export interface Likeness {
  readonly of: RequestEnvelope;
  /** As raw JSON text. */
  readonly id: string;
  /** Of what it is about, in the words of who will read it, where headers say that again. */
  readonly name: string | undefined;
}
