// What leaves for a module of a message, and how what comes back is made whole again (modules.md 1.6).
import { isJsonObject, type JsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";
import type { Leaving } from "./module-settings.ts";
import { hideIn, Tokens } from "./tokens.ts";

export interface Departure {
  readonly payload: JsonObject;
  /** A second thing that leaves with it, and does not come back: its hits become tokens too. */
  also(value: JsonObject): JsonObject;
  /** Puts back what was left out, and what tokens stand for, at the very places where it stood. */
  restore(returned: JsonObject): JsonObject;
}

export function depart(payload: JsonObject, send: Leaving): Departure {
  const withheld: Withheld[] = [];
  let leaving = payload;
  if (send.hidesMeta) for (const path of METAS) leaving = withhold(leaving, path, METADATA, withheld);
  for (const path of send.drop) leaving = withhold(leaving, path, NOTHING, withheld);
  if (send.redact === undefined && withheld.length === 0) {
    return { payload, also: (value) => value, restore: (returned) => returned };
  }
  const tokens = send.redact && new Tokens(send.redact);
  return {
    payload: hideIn(leaving, tokens),
    also: (value) => hideIn(value, send.redact && new Tokens(send.redact)),
    restore: (returned) => {
      const shown = tokens?.show(returned) ?? returned;
      return withheld.reduceRight(putBack, isJsonObject(shown) ? shown : returned);
    },
  };
}

/** Where metadata stands in a payload: of a result as it is, of a request, of a result under its method's name. */
const METAS: readonly (readonly string[])[] = [["_meta"], ["params", "_meta"], ["result", "_meta"]];

interface Withheld {
  readonly path: readonly string[];
  readonly value: JsonValue;
}

/** What may leave of the value at a path; `undefined`: nothing. */
type Remainder = (value: JsonValue) => JsonValue | undefined;

const NOTHING: Remainder = () => undefined;

/** The trace that the message belongs to (W3C Trace Context). */
const METADATA: Remainder = (value) => {
  const traceparent = isJsonObject(value) ? value["traceparent"] : undefined;
  return traceparent === undefined ? undefined : { traceparent };
};

function withhold(
  payload: JsonObject,
  path: readonly string[],
  remainder: Remainder,
  withheld: Withheld[],
): JsonObject {
  const value = valueAt(payload, path);
  if (value === undefined) return payload;
  withheld.push({ path, value });
  return without(payload, path, remainder(value));
}

function valueAt(payload: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = payload;
  for (const key of path) value = memberOf(value, key);
  return value;
}

/** `left`: what stays there. The path is there. */
function without(payload: JsonObject, [key = "", ...rest]: readonly string[], left: JsonValue | undefined): JsonObject {
  const { [key]: held, ...others } = payload;
  if (rest.length > 0) return isJsonObject(held) ? { ...payload, [key]: without(held, rest, left) } : payload;
  return left === undefined ? others : { ...payload, [key]: left };
}

/** Objects are laid over what came back in their place; where the parent is gone, so is what stood in it. */
function putBack(returned: JsonObject, { path, value }: Withheld): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return returned;
  const held = memberOf(returned, key);
  if (rest.length === 0) {
    const laid = isJsonObject(value) && isJsonObject(held) ? { ...held, ...value } : value;
    return { ...returned, [key]: laid };
  }
  return isJsonObject(held) ? { ...returned, [key]: putBack(held, { path: rest, value }) } : returned;
}
