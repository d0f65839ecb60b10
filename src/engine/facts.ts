// What identifies a message before anybody reads its body: the part no rule can change.
import type { Truth } from "../expression/truth.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import type { ListedKind } from "../mcp/lists.ts";
import type { ThingKind } from "../mcp/methods.ts";

export interface Facts {
  readonly kind: "request" | "notification" | "result" | "error";
  /** Of a reply: the method of its request. */
  readonly method: string;
  readonly from: "client" | "server";
  /** The server's name in the settings; `undefined` for what reaches no server (`initialize`, `ping`). */
  readonly server: string | undefined;
  /** The name or URI it carries, always in the server's own words. Of a reply: that of its request. */
  readonly name: string | undefined;
  /** What `name` is, where the method alone does not tell (`completion/complete`). */
  readonly thing?: ThingKind | undefined;
  readonly principal: Principal;
}

export interface Principal {
  /** As the client says of itself: never a ground for access. */
  readonly client: { readonly name: string; readonly version?: string; readonly title?: string } | undefined;
  /** From the token that came with the request; absent when nobody logged in. `groups` undefined: the claim is missing, so membership is in doubt. */
  readonly user:
    | { readonly id: string; readonly groups: readonly string[] | undefined; readonly claims: JsonValue }
    | undefined;
  readonly profile: string | undefined;
  /** What the door says that it reads, the best first; absent: it says nothing. */
  readonly languages?: readonly string[] | undefined;
}

/** What else the rules of one message may look at. */
export interface Surroundings {
  /** Milliseconds since 1970, fixed for the message. */
  readonly now: number;
  /** Of a reply: `{method, params}` of its request, as it was sent. */
  readonly request: JsonValue | undefined;
  /** The thing that is called, read or got, as the catalogue review left it; undefined when the message carries none. */
  readonly thing: ReviewedThing | undefined;
  /** Of a reply: the tags its request got. */
  readonly tags: readonly string[];
  /** Of a reply: the `secrets` of its request's decision. They are masked in whatever goes back. */
  readonly secrets?: readonly string[];
  /** Where relative paths in this server's arguments start, and its home; absent: relative paths are in doubt. */
  readonly root: string | undefined;
  readonly home: string | undefined;
  /** Who talks, where nobody logged in: says nothing but that it is the same one. */
  readonly session?: string | undefined;
}

/** One entry of a server's catalogue after all rules. */
export interface ReviewedThing {
  readonly kind: ListedKind;
  /** The server's own name, URI or URI template. */
  readonly own: string;
  /** Listed means callable, unlisted means unknown. */
  readonly listed: boolean;
  /** The rule (or `default`) that hides it, when it is hidden. */
  readonly hiddenBy: string | undefined;
  /** After transforms, still under the server's own name. The same object as went in when nothing changed. */
  readonly definition: JsonObject;
  readonly changed: boolean;
  /** A rule changed `inputSchema` (or supplies an argument): arguments must then fit what is advertised. */
  readonly schemaChanged: boolean;
  /** The first rule that changed it. */
  readonly schemaChangedBy?: string | undefined;
  /** By `order` of the rule: what the rules on this thing say of its definition; read again when it is called. */
  readonly truths: ReadonlyMap<number, Truth>;
}
