// Under which names a client sees the things of all servers, and which server owns each name: a bijection.
import type { ListedKind } from "../mcp/lists.ts";
import type { Principal, ReviewedThing } from "./facts.ts";
import type { Revision } from "./policy-store.ts";

/** `own`: the name, URI or URI template as its server says it. */
export interface OwnName {
  readonly server: string;
  readonly own: string;
}

export interface NameTable {
  /** `undefined`: the client knows no such thing (hidden, or not listed). */
  outward(server: string, kind: ListedKind, own: string): string | undefined;
  inward(kind: ListedKind, exposed: string): OwnName | undefined;
  /** Of a URI that nobody lists: the owner of the template with the longest literal beginning that fits. */
  byTemplate(uri: string): OwnName | undefined;
  /** How this server's URI has to be called towards the client, listed or not. */
  outwardUri(server: string, uri: string): string;
  /** The things the client is shown, servers in settings order, each in its server's order. */
  exposed(kind: ListedKind): readonly ExposedThing[];
  /** Another one whenever what this list shows (names, order, definitions) is another. */
  signature(kind: ListedKind): string;
}

export interface ExposedThing {
  readonly server: string;
  readonly exposed: string;
  readonly thing: ReviewedThing;
}

export interface NamesRequest {
  /** Servers in settings order. */
  readonly catalogues: readonly {
    readonly server: string;
    readonly kind: ListedKind;
    readonly things: readonly ReviewedThing[];
  }[];
  readonly naming: "plain" | "prefix";
  /** What clients accept: a length, and the inside of a character class such as `a-zA-Z0-9_-`. */
  readonly names: { readonly max: number; readonly chars: string } | undefined;
  readonly principal: Principal;
  /** The table before this one: no name in it changes its owner. */
  readonly previous: NameTable | undefined;
}

export interface NamesOutcome {
  readonly table: NameTable;
  /** For the operator: what is hidden or prefixed, and why. */
  readonly problems: readonly string[];
}

export function exposeNames(revision: Revision, request: NamesRequest): NamesOutcome {
  throw new Error(`not built yet: ${revision.id} ${request.naming}`);
}
