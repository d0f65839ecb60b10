// The ways to a human that `ask … via` may name, and those of them that a proxy has.

export const WAYS_TO_ASK = ["elicitation", "url", "queue"] as const;

/** A page to log in to is a word of the language, and not in this version: what insists on it is refused. `undefined`: as the settings say. */
export function isServed(way: string | undefined): way is "elicitation" | "queue" | undefined {
  return way === undefined || way === "elicitation" || way === "queue";
}
