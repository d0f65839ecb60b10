// What is said of a text to those who translate it: its context in catalogues, a few words, and the names that stay.
import { isJsonArray, isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { pointerTo, textContext } from "../../mcp/translations.ts";
import type { FixedStep } from "../places.ts";
import type { FoundText, Readable } from "./found-text.ts";

export type About = Pick<FoundText, "context" | "about" | "names">;

type Definition = Extract<Readable, { readonly kind: "definition" }>;

export function aboutDefinition(
  { server, thing, own }: Definition,
  definition: JsonObject,
  steps: readonly FixedStep[],
): About {
  const what = `${thing} ${own}`;
  return {
    context: textContext(server, thing, own, pointerTo(steps.map(keyOf))),
    about: aboutField(steps, definition, what),
    names: thing === "tool" || thing === "prompt" ? [own, ...argumentNames(definition)] : [],
  };
}

/** Handshakes are about the server itself. Whatever else: a message, by its method and the name it carries. */
export function aboutMessage({ facts }: Exclude<Readable, Definition>, steps: readonly FixedStep[]): About {
  const { method, name, server } = facts;
  const isGreeting = method === "initialize" || method === "server/discover";
  const said = name === undefined ? method : `${method} ${name}`;
  const within = isPart(steps[0]) ? steps.slice(1) : steps;
  const pointer = pointerTo(within.map(keyOf));
  return {
    context: isGreeting ? textContext(server, "server", "", pointer) : textContext(server, "message", said, pointer),
    about: `${lastKey(steps)} of ${said}`,
    names: name === undefined ? [] : [name],
  };
}

function aboutField(steps: readonly FixedStep[], definition: JsonObject, what: string): string {
  const key = lastKey(steps);
  const [first, second, third] = steps.map(keyOf);
  if (steps.length === 1) return `${key} of ${what}`;
  if (first === "inputSchema" && second === "properties" && steps.length === 4) {
    return `${key} of argument ${String(third)} of ${what}`;
  }
  if (first === "arguments" && typeof second === "number") {
    const { arguments: list } = definition;
    const argument = isJsonArray(list) ? list[second] : undefined;
    const name = isJsonObject(argument) ? argument["name"] : undefined;
    if (typeof name === "string") return `${key} of argument ${name} of ${what}`;
  }
  return `${key} inside ${String(first)} of ${what}`;
}

function argumentNames({ inputSchema, arguments: list }: JsonObject): readonly string[] {
  const properties = isJsonObject(inputSchema) ? inputSchema["properties"] : undefined;
  if (isJsonObject(properties)) return Object.keys(properties);
  if (!isJsonArray(list)) return [];
  return list.flatMap((entry) => (isJsonObject(entry) && typeof entry["name"] === "string" ? [entry["name"]] : []));
}

function isPart(step: FixedStep | undefined): boolean {
  return step?.kind === "member" && ["params", "result", "error"].includes(step.key);
}

function lastKey(steps: readonly FixedStep[]): string {
  const last = steps.findLast((step) => step.kind === "member");
  return last?.kind === "member" ? last.key : "text";
}

function keyOf(step: FixedStep): string | number {
  return step.kind === "member" ? step.key : step.index;
}
