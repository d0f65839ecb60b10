// Whether a message holds anything of what its rules look for, told from its bytes: most hold nothing, and are never parsed.
import type { ReviewedThing } from "../engine/facts.ts";
import type { Absence, Sought } from "../engine/matching/selection.ts";
import { isJsonObject, type JsonObject } from "../mcp/json.ts";
import { isAmbiguous } from "../message/content.ts";
import type { Envelope } from "../message/envelope.ts";
import { keyText } from "../message/json-bytes/key-text.ts";
import type { Range } from "../message/json-bytes/range.ts";
import { BACKSLASH, OPEN_LIST, OPEN_OBJECT, QUOTE, SPACE } from "../message/json-bytes/scan.ts";
import { PLACES, walked, type WalkedObject } from "../message/json-bytes/walked-object.ts";
import { rangeAt, textAt } from "../message/locate.ts";
import type { Placement } from "./wording/placement.ts";

interface Heard {
  readonly envelope: Envelope;
  readonly thing?: ReviewedThing | undefined;
  readonly inward?: readonly Placement[] | undefined;
}

const ARGUMENTS = ["arguments"];
const NOTHING: readonly never[] = [];

/** Bytes. To parse and search a longer message takes native code no longer than looking at each byte takes here. */
const LONGEST = 1024;

/** In doubt it may: `decide` has to be asked then, which sees all that can be wrong with a message. */
export function hasNothingSought({ sought }: Absence, heard: Heard): boolean {
  const { envelope } = heard;
  if (envelope.hasStrangers || envelope.bytes.length > LONGEST) return false;
  switch (envelope.kind) {
    case "request":
      return isClearCall(heard, sought);
    case "result":
      return sought.every((one) => isClearMessage(envelope, one)) && !isAmbiguous(envelope);
    case "error":
    case "notification":
      return false;
  }
}

function isClearMessage({ bytes }: Envelope, one: Sought): boolean {
  return one.kind === "in-message" && !one.sieve.mayStandInMessage(bytes);
}

function isClearCall({ envelope, thing, inward = NOTHING }: Heard, sought: readonly Sought[]): boolean {
  const { bytes, params } = envelope;
  const range = params && rangeAt(bytes, params, ARGUMENTS);
  if (range === undefined || bytes[range.start] !== OPEN_OBJECT) return false;
  if (thing?.schemaChanged === true || !inward.every(isName)) return false;
  const given = walked(bytes, range);
  return (
    arePlain(bytes, given, propertiesOf(thing)) &&
    sought.every((one) =>
      one.kind === "in-arguments" ? isClear(bytes, given, one) : inward.length === 0 && isClearMessage(envelope, one),
    )
  );
}

function propertiesOf(thing: ReviewedThing | undefined): JsonObject | undefined {
  const inputSchema = thing?.definition["inputSchema"];
  const properties = inputSchema !== undefined && isJsonObject(inputSchema) ? inputSchema["properties"] : undefined;
  return properties !== undefined && isJsonObject(properties) ? properties : undefined;
}

function isName({ at }: Placement): boolean {
  return at.length === 2 && at[1] === "name";
}

/**
 * An argument of another name could be taken for one that rules look at: `misspeltArgument` has to see it. So has
 * `unpackArguments` one that may hold a list or an object as a text.
 */
function arePlain(bytes: Buffer, given: WalkedObject, properties: JsonObject | undefined): boolean {
  const places = given.places();
  for (let at = 0; at < places.length; at += PLACES) {
    if (mayBePacked(bytes, places[at + 2] as number)) return false;
    if (properties === undefined) continue;
    const name = keyText(bytes, places[at] as number, places[at + 1] as number);
    if (!Object.hasOwn(properties, name)) return false;
  }
  return true;
}

/** Begins with a bracket or `null`, or with something that is skipped before one. */
function mayBePacked(bytes: Buffer, start: number): boolean {
  if (bytes[start] !== QUOTE) return false;
  const first = bytes[start + 1] as number;
  return first <= SPACE || first >= DELETE || OPENING.has(first) || (first === LETTER_N && isNull(bytes, start + 1));
}

function isNull(bytes: Buffer, start: number): boolean {
  return bytes.toString("latin1", start, start + NULL.length) === NULL;
}

const NULL = "null";
const LETTER_N = 0x6e;
const DELETE = 0x7f;
const OPENING: ReadonlySet<number> = new Set([OPEN_LIST, OPEN_OBJECT, BACKSLASH]);

function isClear(bytes: Buffer, given: Range, { keys, sieve }: Extract<Sought, { kind: "in-arguments" }>): boolean {
  const range = rangeAt(bytes, given, keys);
  if (range === undefined || bytes[range.start] !== QUOTE) return false;
  const truth = sieve.mayStandIn(bytes, range.start + 1, range.end - 1);
  if (truth !== "doubt") return truth === "no";
  const text = textAt(bytes, range);
  return text !== undefined && sieve.owners(text).length === 0;
}
