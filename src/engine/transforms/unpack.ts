// Lists and objects that came as texts: rules see, and the server gets, what they hold.
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { argumentsOf } from "../natural-body.ts";
import { noteOnce, type Notes } from "../notes.ts";
import { packedIn, sentAs, type Packed } from "../packed-arguments.ts";
import type { Scene } from "../scene.ts";
import { maskText } from "../telling/masking.ts";

export type Unpacked =
  | { readonly kind: "done"; readonly scene: Scene }
  /** What is wrong, for the one who is refused. */
  | { readonly kind: "misfit"; readonly misfit: string };

/**
 * A rule that asks for `files[*]` would see a text, and a server that takes it out (FastMCP of the Python SDK does) a list. Where
 * nobody can have meant a text, the list is sent instead; what begins like one and cannot be sent as it stands is refused, since
 * some server might read it. Where a text may be meant too it stays, and rules are asked of both (`Scene.otherReading`).
 */
export function unpackArguments(scene: Scene, notes: Notes): Unpacked {
  const { facts, surroundings, content } = scene;
  const given = facts.kind === "request" && facts.method === "tools/call" ? argumentsOf(content) : undefined;
  // PHP writes an object without members as an empty list.
  if (given === undefined || given === null || isEmptyList(given)) return { kind: "done", scene };
  if (!isJsonObject(given)) return { kind: "misfit", misfit: "they are no object" };
  const values: (readonly [string, JsonValue])[] = [];
  for (const packed of packedIn(given, surroundings.thing?.definition["inputSchema"])) {
    if (packed.isDeep) return { kind: "misfit", misfit: `\`${packed.name}\` holds JSON that is nested too deep` };
    if (!packed.isCertain) continue;
    const value = sentAs(packed);
    if (value === undefined) return { kind: "misfit", misfit: misfitOf(packed) };
    values.push([packed.name, value]);
  }
  if (values.length === 0) return { kind: "done", scene };
  for (const [name] of values) noteOnce(notes.unpacked, maskText(scene.revision, name));
  return { kind: "done", scene: scene.withArguments({ ...given, ...Object.fromEntries(values) }) };
}

function isEmptyList(value: JsonValue): boolean {
  return isJsonArray(value) && value.length === 0;
}

function misfitOf({ name, shape }: Packed): string {
  const meant = shape.types?.has("array") ? "a list" : "an object";
  return `\`${name}\` is a text where ${meant} is meant, and cannot be sent as one exactly as it stands`;
}
