// Whether a call holds anything of what its rules look for, told from its bytes: most hold nothing, and are never parsed.
import type { ReviewedThing } from "../engine/facts.ts";
import type { Absence, Sought } from "../engine/matching/selection.ts";
import { isJsonObject, type JsonObject } from "../mcp/json.ts";
import type { Envelope } from "../message/envelope.ts";
import { keyText } from "../message/json-bytes/key-text.ts";
import type { Range } from "../message/json-bytes/range.ts";
import { QUOTE } from "../message/json-bytes/scan.ts";
import { PLACES, walked, type WalkedObject } from "../message/json-bytes/walked-object.ts";
import { rangeAt, textAt } from "../message/locate.ts";
import type { Placement } from "./wording/placement.ts";

interface Heard {
  readonly envelope: Envelope;
  readonly thing?: ReviewedThing | undefined;
  readonly inward?: readonly Placement[] | undefined;
}

const ARGUMENTS = ["arguments"];

/** In doubt it may: `decide` has to be asked then, which sees all that can be wrong with a call. */
export function hasNothingSought({ sought }: Absence, { envelope, thing, inward = [] }: Heard): boolean {
  const { bytes, params, hasStrangers } = envelope;
  const range = params && rangeAt(bytes, params, ARGUMENTS);
  if (range === undefined || hasStrangers || thing?.schemaChanged === true || !inward.every(isName)) return false;
  const given = walked(bytes, range);
  return areKnown(bytes, given, propertiesOf(thing)) && sought.every((one) => isClear(bytes, given, one));
}

function propertiesOf(thing: ReviewedThing | undefined): JsonObject | undefined {
  const inputSchema = thing?.definition["inputSchema"];
  const properties = inputSchema !== undefined && isJsonObject(inputSchema) ? inputSchema["properties"] : undefined;
  return properties !== undefined && isJsonObject(properties) ? properties : undefined;
}

function isName({ at }: Placement): boolean {
  return at.length === 2 && at[1] === "name";
}

/** An argument of another name could be taken for one that rules look at: `misspeltArgument` has to see it. */
function areKnown(bytes: Buffer, given: WalkedObject, properties: JsonObject | undefined): boolean {
  if (properties === undefined) return true;
  const places = given.places();
  for (let at = 0; at < places.length; at += PLACES) {
    const name = keyText(bytes, places[at] as number, places[at + 1] as number);
    if (!Object.hasOwn(properties, name)) return false;
  }
  return true;
}

function isClear(bytes: Buffer, given: Range, { keys, sieve }: Sought): boolean {
  const range = rangeAt(bytes, given, keys);
  if (range === undefined || bytes[range.start] !== QUOTE) return false;
  const truth = sieve.mayStandIn(bytes, range.start + 1, range.end - 1);
  if (truth !== "doubt") return truth === "no";
  const text = textAt(bytes, range);
  return text !== undefined && sieve.owners(text).length === 0;
}
