// What is wrong with one entry of the settings as a whole, beyond what its fields are, and how zod is told.
import type { core } from "zod";

export interface EntryFault {
  /** From the entry on. */
  readonly path: readonly string[];
  /** Goes on after the name of the field. It quotes no value, which may be secret. */
  readonly message: string;
}

/** Inside a check of zod's. */
export function refuse<Value>({ value, issues }: core.ParsePayload<Value>, faults: readonly EntryFault[]): void {
  for (const { path, message } of faults) issues.push({ code: "custom", path: [...path], message, input: value });
}
