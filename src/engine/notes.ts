// What is gathered while one message is decided, for its record.

/** Filled as the decision goes on; ids of rules, each once. */
export interface Notes {
  readonly changedBy: string[];
  readonly shadow: { readonly rule: string; readonly would: string }[];
  readonly exceptions: string[];
  readonly failedOpen: string[];
  /** Values that `supply` wrote, into this message or into the request it answers. */
  readonly secrets: string[];
  /** Why tags that outlive their call could not be read; masked. */
  tagsUnread?: string;
}

export function emptyNotes(secrets: readonly string[] = []): Notes {
  return { changedBy: [], shadow: [], exceptions: [], failedOpen: [], secrets: [...secrets] };
}

export function noteOnce(list: string[], id: string): void {
  if (!list.includes(id)) list.push(id);
}
