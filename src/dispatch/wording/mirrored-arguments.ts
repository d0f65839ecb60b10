// Arguments of tools that must stand in HTTP headers too (2026-07-28): calls whose headers say something else, and tools that ask for what no header can be.
import { HEADER_MISMATCH } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { Headers } from "../../message/eras/modern-headers.ts";
import { argumentsOf, declaredBy, paramHeaderFault } from "../../message/eras/param-headers.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { KnownList } from "../lists/server-list.ts";
import type { ServerLink } from "../peers/server-link.ts";

/**
 * True: it is refused. `given`: the headers that came beside it, if it came over HTTP in the modern era; `definition`: of the
 * tool, as the client knows it.
 */
export function refuseMismatch(
  exchange: Exchange,
  envelope: RequestEnvelope,
  given: Headers | undefined,
  definition: JsonObject,
): boolean {
  const declared = given === undefined ? undefined : declaredBy(definition);
  if (given === undefined || declared?.kind !== "declared" || declared.headers.length === 0) return false;
  const fault = paramHeaderFault(declared.headers, argumentsOf(envelope), given);
  if (fault !== undefined) exchange.error(HEADER_MISMATCH, fault);
  return fault !== undefined;
}

/** Over HTTP a tool whose schema asks for impossible headers must not be shown (Streamable HTTP, Schema Extension). */
export function withoutUnsendable(
  { era, options }: ServerLink,
  list: KnownList,
  say: (problem: string) => void,
): KnownList {
  if (options.transport === "stdio" || era !== "modern") return list;
  const entries = list.entries.filter(({ definition }) => {
    const declared = declaredBy(definition);
    const { name } = definition;
    if (declared.kind === "invalid" && typeof name === "string")
      say(`the tool \`${name}\` is hidden: ${declared.reason}`);
    return declared.kind === "declared";
  });
  return entries.length === list.entries.length ? list : { ...list, entries };
}
