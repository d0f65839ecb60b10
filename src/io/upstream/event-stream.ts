// Server-sent events, from bytes.
import { createParser, type EventSourceMessage } from "eventsource-parser";

export interface EventStream {
  /** False: what comes cannot be read any further. */
  feed(chunk: Buffer): boolean;
}

export interface StreamEvents {
  readonly event: (event: EventSourceMessage) => void;
  /** How long to wait before coming back, in milliseconds. */
  readonly retry: (ms: number) => void;
}

/** `limit`: bytes of the longest event. */
export function readEventStream(limit: number, { event, retry }: StreamEvents): EventStream {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let isReadable = true;
  const parser = createParser({
    onEvent: event,
    onRetry: retry,
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") isReadable = false;
    },
    // Of characters; the line's name and end come on top.
    maxBufferSize: limit + 64,
  });
  return {
    feed: (chunk) => {
      try {
        if (isReadable) parser.feed(decoder.decode(chunk, { stream: true }));
      } catch {
        // It is not UTF-8.
        isReadable = false;
      }
      return isReadable;
    },
  };
}
