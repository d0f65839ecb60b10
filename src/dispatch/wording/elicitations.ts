// The ids of elicitations by URL, which each server makes by itself and a client must be able to tell apart.
import type { Content } from "../../engine/decision.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";
import type { NotificationEnvelope, RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { Placement } from "./placement.ts";

/** The error of a request that can only go on after an elicitation (2025-11-25, Elicitation, URL Mode). */
export const URL_ELICITATION_REQUIRED = -32042;

/** How many ids are remembered; beyond that the oldest are forgotten. */
const MAX_KNOWN = 10_000;

export class Elicitations {
  /** Server by the id the client knows. */
  private readonly owners = new Map<string, string>();

  /** The id in `params`; of none, or one that stays as it is, nothing. */
  outwardId(server: string, { bytes, params }: RequestEnvelope | NotificationEnvelope): readonly Placement[] {
    const range = params === undefined ? undefined : rangeAt(bytes, params, ["elicitationId"]);
    const id = textAt(bytes, range);
    if (range === undefined || id === undefined) return [];
    const outward = this.outward(server, id);
    return outward === id ? [] : [{ at: ["params", "elicitationId"], range, text: JSON.stringify(outward) }];
  }

  /** The ids in `error.data.elicitations`. */
  outwardError(server: string, content: Content): Content {
    const { error } = content;
    const details = isJsonObject(error) ? error["data"] : undefined;
    const list = isJsonObject(details) ? details["elicitations"] : undefined;
    if (!isJsonObject(error) || !isJsonObject(details) || !isJsonArray(list)) return content;
    const elicitations = list.map((entry) => (isJsonObject(entry) ? this.outwardEntry(server, entry) : entry));
    return { ...content, error: { ...error, data: { ...details, elicitations } } };
  }

  private outwardEntry(server: string, entry: JsonObject): JsonObject {
    const { elicitationId: id } = entry;
    return typeof id === "string" ? { ...entry, elicitationId: this.outward(server, id) } : entry;
  }

  /** The id as it is, unless another server has used it in this session. */
  private outward(server: string, id: string): string {
    const owner = this.owners.get(id);
    const exposed = owner === undefined || owner === server ? id : `${server}+${id}`;
    this.owners.set(exposed, server);
    for (const oldest of this.owners.keys()) {
      if (this.owners.size <= MAX_KNOWN) break;
      this.owners.delete(oldest);
    }
    return exposed;
  }
}
