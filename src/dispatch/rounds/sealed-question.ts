// A question of a server, and what was decided about it, as it is kept until the client's answer comes.

/** A question of the server's. */
export interface SealedQuestion {
  readonly method: string;
  /** As the client got them, as raw JSON text; left out where the whole would become too long. */
  readonly params?: string | undefined;
  /** What the server is told, where the client was not asked, as raw JSON text. */
  readonly answer?: string | undefined;
}

/** As it stands in `inputRequests`. */
export function requestText({ method, params }: SealedQuestion): string {
  return `{"method":${JSON.stringify(method)}${params === undefined ? "" : `,"params":${params}`}}`;
}
