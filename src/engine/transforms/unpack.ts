// Lists and objects that came as texts: rules see, and the server gets, what they hold.
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { memberAt } from "../natural-body.ts";
import { noteOnce, type Notes } from "../notes.ts";
import { isShallow, packedIn, sentAs, type Packed } from "../packed-arguments.ts";
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
  const given = facts.kind === "request" && facts.method === "tools/call" ? memberAt(content, ARGUMENTS) : undefined;
  if (given === undefined || given === null) return { kind: "done", scene };
  if (!isJsonObject(given)) return { kind: "misfit", misfit: "they are no object" };
  const values: (readonly [string, JsonValue])[] = [];
  for (const packed of packedIn(given, surroundings.thing?.definition["inputSchema"])) {
    if (!packed.isCertain) continue;
    const value = sentAs(packed);
    if (value === undefined) return { kind: "misfit", misfit: misfitOf(packed) };
    values.push([packed.name, value]);
  }
  for (const [name] of values) noteOnce(notes.unpacked, maskText(scene.revision, name));
  const unpacked = values.length === 0 ? scene : scene.withArguments({ ...given, ...Object.fromEntries(values) });
  const deep = tooDeep(unpacked.otherReading);
  return deep ? { kind: "misfit", misfit: deep } : { kind: "done", scene: unpacked };
}

const ARGUMENTS = ["params", "arguments"];

function tooDeep(reading: Scene | undefined): string | undefined {
  const given = reading && memberAt(reading.content, ARGUMENTS);
  if (!isJsonObject(given)) return undefined;
  const deep = Object.keys(given).find((name) => !isShallow(given[name] ?? null));
  return deep === undefined ? undefined : `\`${deep}\` holds JSON that is nested too deep`;
}

function misfitOf({ name, shape }: Packed): string {
  return `\`${name}\` is a text where ${shape.types?.has("array") ? "a list" : "an object"} is meant`;
}
