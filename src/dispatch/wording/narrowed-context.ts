// What "this server" means where a proxy stands for several: nothing that others said comes along when a model is asked.
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Placement } from "./placement.ts";

/** To the client, `thisServer` is the whole proxy: what other servers said would come along (2025-11-25, Sampling). */
export function narrowedContext({ links }: ClientSession, { bytes, params }: RequestEnvelope): readonly Placement[] {
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["includeContext"]);
  if (range === undefined || links.length < 2 || textAt(bytes, range) !== "thisServer") return [];
  return [{ at: ["params", "includeContext"], range, text: '"none"' }];
}
