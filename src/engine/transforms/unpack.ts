// Lists and objects that came as texts: rules see, and the server gets, what they hold.
import { isShallow, packedIn, readAs, sentAs, withArguments, type Packed } from "../packed-arguments.ts";
import type { JsonValue } from "../../mcp/json.ts";
import type { Notes } from "../notes.ts";
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
  const deep = packedIn(facts, surroundings, content, "possible").find((packed) => !isShallow(readAs(packed) ?? null));
  if (deep) return { kind: "misfit", misfit: `\`${deep.name}\` holds JSON that is nested too deep` };
  const values: (readonly [string, JsonValue])[] = [];
  for (const packed of packedIn(facts, surroundings, content, "certain")) {
    const value = sentAs(packed);
    if (value === undefined) return { kind: "misfit", misfit: misfitOf(packed) };
    values.push([packed.name, value]);
  }
  if (values.length === 0) return { kind: "done", scene };
  notes.unpacked.push(...values.map(([name]) => maskText(scene.revision, name)));
  return { kind: "done", scene: scene.withContent(withArguments(content, values)) };
}

function misfitOf({ name, shape }: Packed): string {
  return `\`${name}\` is a text where ${shape.types?.has("array") ? "a list" : "an object"} is meant`;
}
