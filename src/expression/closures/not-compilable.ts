// What the closures do not do: thrown while an expression is compiled, never while it runs.

/** Its message is the construct, in words that fit behind "because of". */
export class NotCompilable extends Error {}
