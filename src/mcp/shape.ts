// What values MCP's schema wants where: enough to tell a message that somebody else rewrote from none at all.

export type Shape =
  | { readonly kind: "text" | "number" | "boolean" | "object" | "any" }
  | { readonly kind: "word"; readonly words: readonly string[] }
  | { readonly kind: "list" | "either"; readonly entries: Shape }
  /** Other members may come too. */
  | { readonly kind: "members"; readonly members: ReadonlyMap<string, Shape>; readonly required: readonly string[] }
  /** Told apart by the text of one member. */
  | { readonly kind: "variants"; readonly by: string; readonly variants: ReadonlyMap<string, Shape> };

export type Members = Readonly<Record<string, Shape>>;

export const TEXT: Shape = { kind: "text" };
export const NUMBER: Shape = { kind: "number" };
export const BOOLEAN: Shape = { kind: "boolean" };
/** An object of which nothing more is known. */
export const OBJECT: Shape = { kind: "object" };
export const ANYTHING: Shape = { kind: "any" };

export function word(...words: readonly string[]): Shape {
  return { kind: "word", words };
}

export function listOf(entries: Shape): Shape {
  return { kind: "list", entries };
}

/** One, or a list of such. */
export function oneOrSeveral(entries: Shape): Shape {
  return { kind: "either", entries };
}

export function members(required: Members, optional: Members = {}): Shape {
  const all = new Map([...Object.entries(required), ...Object.entries(optional)]);
  return { kind: "members", members: all, required: Object.keys(required) };
}

export function variants(by: string, shapes: Members): Shape {
  return { kind: "variants", by, variants: new Map(Object.entries(shapes)) };
}
