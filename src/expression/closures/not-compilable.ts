// What the closures do not do: thrown while an expression is compiled, never while it runs.

export class NotCompilable extends Error {}
