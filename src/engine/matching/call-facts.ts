// The identity of a message that calls, gets or reads a thing: what the rules on a thing are asked with.
import type { ListedKind } from "../../mcp/lists.ts";
import type { Facts, Principal } from "../facts.ts";

export interface NamedThing {
  readonly server: string;
  readonly kind: ListedKind;
  /** The server's own name, URI or URI template. */
  readonly own: string;
}

export function callFacts(thing: NamedThing, principal: Principal): Facts {
  const { server, kind, own } = thing;
  return { kind: "request", method: METHODS[kind], from: "client", server, name: own, principal };
}

/** A template is judged by its own text, as a URI would be. */
const METHODS: Readonly<Record<ListedKind, string>> = {
  tool: "tools/call",
  prompt: "prompts/get",
  resource: "resources/read",
  template: "resources/read",
};
