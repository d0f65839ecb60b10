// What a request of the modern era says of its sender: which revision it is of, who that is, and what he can do.

/** As raw JSON text where nobody has looked at it yet. */
export interface Claim {
  readonly revision: string;
  readonly clientInfo: string | undefined;
  readonly capabilities: string | undefined;
  readonly logLevel: string | undefined;
  /** All of it but the level, as it stood there: equal texts say the same. */
  readonly words: string;
}
