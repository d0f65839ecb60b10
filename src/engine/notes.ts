// What is gathered while one message is decided, for its record.
import type { ModuleRecord } from "./decision-record.ts";

/** It changes as the decision goes on; ids of rules, each once. */
export interface Notes {
  readonly changedBy: string[];
  readonly shadow: { readonly rule: string; readonly would: string }[];
  readonly exceptions: string[];
  readonly failedOpen: string[];
  /** Arguments that came as a text with JSON in it; masked. */
  readonly unpacked: string[];
  /** Values that `supply` wrote, into this message or into the request it answers. */
  readonly secrets: string[];
  /** Why tags that outlive their call could not be read; masked. */
  tagsUnread?: string;
  /** Every interceptor of a module that was asked. */
  readonly modules: ModuleRecord[];
  /** Some text was to be translated and was not. */
  translation?: "partial";
}

export function emptyNotes(secrets: readonly string[] = []): Notes {
  const none = { changedBy: [], shadow: [], exceptions: [], failedOpen: [], unpacked: [], modules: [] };
  return { ...none, secrets: [...secrets] };
}

export function noteOnce(list: string[], id: string): void {
  if (!list.includes(id)) list.push(id);
}
