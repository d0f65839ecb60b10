// A text for people that was found in a message or a definition, and all that a translator has to know of it.
import type { ListedKind } from "../../mcp/lists.ts";
import type { Facts } from "../facts.ts";
import type { FixedStep } from "../places.ts";

export interface FoundText {
  /** From what it was found in: the content of a message, or a definition. */
  readonly steps: readonly FixedStep[];
  readonly text: string;
  /** As catalogues say it: `server|kind|name|/pointer`. */
  readonly context: string;
  readonly about: string;
  /** Of the thing and of its arguments: where they stand in quotes, they stay. */
  readonly names: readonly string[];
  /** It may hold people's data. */
  readonly isPersonal: boolean;
}

/** What texts are looked for in. */
export type Readable =
  | {
      readonly kind: "definition";
      readonly server: string | undefined;
      readonly thing: ListedKind;
      readonly own: string;
    }
  /** `{params}`, `{result}` or `{error}`. */
  | { readonly kind: "message"; readonly facts: Facts }
  /** `{message}`: the texts of a result with `isError`, or an error. */
  | { readonly kind: "failure"; readonly facts: Facts };
