// What a client is offered under the names in force: each thing by its name, and whole lists. Made when somebody asks for it.
import type { NameTable } from "../../engine/names/names.ts";
import type { ReviewedThing } from "../../engine/facts.ts";
import { maskValue } from "../../engine/telling/masking.ts";
import type { ListedKind, ListFacts } from "../../mcp/lists.ts";
import type { Era } from "../../mcp/methods.ts";
import type { DispatchOptions } from "../options.ts";
import type { ServerLink } from "../peers/server-link.ts";
import type { Supplied } from "../peers/supplied-secrets.ts";
import { makesTasks } from "../tasks/task-support.ts";
import type { ListHost } from "./list-keeper.ts";
import { mergedList, type Merging } from "./merged-list.ts";

/** A thing a client is shown, and whose it is. */
export interface Offer {
  readonly link: ServerLink;
  readonly thing: ReviewedThing;
}

export interface OfferingHost extends ListHost {
  readonly options: DispatchOptions;
  /** To the servers, by rules. */
  readonly supplied: Supplied;
  /** The client's. */
  readonly era: Era | undefined;
}

type Offers = ReadonlyMap<string, Offer>;

interface Merged {
  readonly result: Buffer;
  /** Of each server, what was masked in what it lists. */
  readonly secrets: readonly (readonly string[])[];
}

const NONE: Offers = new Map();

export class Offering {
  private readonly host: OfferingHost;
  private current: NameTable | undefined;
  /** Many sessions never ask for prompts or templates. */
  private readonly offers = new Map<ListedKind, Offers>();
  private readonly results = new Map<ListedKind, Merged>();

  constructor(host: OfferingHost) {
    this.host = host;
  }

  /** `undefined`: there are no names yet. */
  get table(): NameTable | undefined {
    return this.current;
  }

  /** From now on these names are in force. */
  replace(table: NameTable): void {
    this.current = table;
    this.offers.clear();
    this.results.clear();
  }

  find(kind: ListedKind, exposed: string): Offer | undefined {
    return this.offersOf(kind).get(exposed);
  }

  /** The `result` of a list request, with what these servers have. There are names by then. */
  merged(list: ListFacts, table: NameTable, links: readonly ServerLink[]): Buffer {
    const isWhole = links.length === this.host.links.length;
    const { judge, supplied } = this.host;
    const secretsOf: Merging["secretsOf"] = (link) => supplied.of(link.options);
    const secrets = links.map(secretsOf);
    const known = isWhole ? this.results.get(list.kind) : undefined;
    if (known?.secrets.every((some, index) => some === secrets[index]) === true) return known.result;
    const proxy = this.host.era === "modern" ? { ...this.host.options.proxy } : undefined;
    const mask: Merging["mask"] = (value) => maskValue(judge.revision, value, secrets.flat());
    const hasTasks = this.host.links.some(makesTasks);
    const result = mergedList(list, table, links, { mask, secretsOf, proxy, hasTasks });
    if (isWhole) this.results.set(list.kind, { result, secrets });
    return result;
  }

  /** The whole list of this kind is another, though its names are the same. */
  forgetList(kind: ListedKind): void {
    this.results.delete(kind);
  }

  private offersOf(kind: ListedKind): Offers {
    const known = this.offers.get(kind);
    if (known !== undefined || this.current === undefined) return known ?? NONE;
    const made = offersIn(this.current, kind, new Map(this.host.links.map((link) => [link.name, link])));
    this.offers.set(kind, made);
    return made;
  }
}

function offersIn(table: NameTable, kind: ListedKind, links: ReadonlyMap<string, ServerLink>): Offers {
  const offers = new Map<string, Offer>();
  for (const { server, exposed, thing } of table.exposed(kind)) {
    const link = links.get(server);
    if (link !== undefined) offers.set(exposed, { link, thing });
  }
  return offers;
}
