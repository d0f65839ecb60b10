// The texts of a message or a definition that people read: all that are marked so, or those a rule names.
import type { Step } from "../../expression/path.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { listOfMethod, type ListFacts } from "../../mcp/lists.ts";
import {
  readabilityOf,
  readabilityOfThing,
  readableFieldsOf,
  readableFieldsOfThing,
  type Readability,
} from "../../mcp/readable-fields.ts";
import type { Facts } from "../facts.ts";
import { memberAt } from "../natural-body.ts";
import { placesAt, type FixedStep } from "../places.ts";
import { aboutDefinition, aboutMessage, type About } from "./about-text.ts";
import type { FoundText, Readable } from "./found-text.ts";
import { isProse } from "./prose.ts";
import { textsIn, type ReadText } from "./read-fields.ts";

/** `paths`: from `root`; `undefined`: the rule names none, so what is marked. Each place once. */
export function gatherTexts(
  of: Readable,
  root: JsonObject,
  paths: readonly (readonly Step[])[] | undefined,
): readonly FoundText[] {
  const all = of.kind === "message" ? textsOfMessage(of, root) : textsOf(of, root);
  if (paths === undefined) return all.filter(({ isPersonal }) => !isPersonal);
  const named = paths.flatMap((path) => placesAt(root, path).flatMap((place) => textsAt(of, place, root, all)));
  return [...new Map(named.map((found) => [JSON.stringify(found.steps), found])).values()];
}

function textsOfMessage(of: Extract<Readable, { readonly kind: "message" }>, root: JsonObject): readonly FoundText[] {
  const list = of.facts.kind === "result" ? listOfMethod(of.facts.method) : undefined;
  return list ? textsOfList(of.facts, list, root) : textsOf(of, root);
}

/** Each entry as the definition it is, so that a translation of a thing counts in either. */
function textsOfList({ server }: Facts, list: ListFacts, root: JsonObject): readonly FoundText[] {
  const entries = memberAt(root, ["result", list.member]);
  if (!isJsonArray(entries)) return [];
  return entries.flatMap((entry, index) => {
    const own = isJsonObject(entry) ? entry[list.identity] : undefined;
    if (!isJsonObject(entry) || typeof own !== "string") return [];
    const found = textsOf({ kind: "definition", server, thing: list.kind, own }, entry);
    const way: readonly FixedStep[] = [member("result"), member(list.member), { kind: "index", index }];
    return found.map((text) => placedBelow(way, text));
  });
}

function placedBelow(way: readonly FixedStep[], found: FoundText): FoundText {
  return { ...found, steps: [...way, ...found.steps] };
}

function textsOf(of: Readable, root: JsonObject): readonly FoundText[] {
  return read(of, root)
    .filter(({ text }) => isProse(text, root))
    .map((found) => described(of, root, found));
}

function read(of: Readable, root: JsonObject): readonly ReadText[] {
  switch (of.kind) {
    case "definition":
      return textsIn(root, readableFieldsOfThing(of.thing), []);
    case "failure":
      return textsIn(root, readableFieldsOf(of.facts.method, "error"), []);
    case "message": {
      const part = partOf(of.facts);
      return textsIn(root[part], readableFieldsOf(of.facts.method, phaseOf(of.facts)), [member(part)]);
    }
  }
}

interface PlaceInRoot {
  readonly steps: readonly FixedStep[];
  readonly value: JsonValue | undefined;
}

/** What is marked there or below; else, where anything may stand, the text itself or each of a list. */
function textsAt(
  of: Readable,
  { steps, value }: PlaceInRoot,
  root: JsonObject,
  all: readonly FoundText[],
): readonly FoundText[] {
  const below = all.filter((found) => steps.every((step, index) => isSameStep(step, found.steps[index])));
  if (below.length > 0 || readabilityAt(of, steps) !== "anything") return below;
  const elements = isJsonArray(value) ? value.map((text, index) => ({ text, steps: [...steps, element(index)] })) : [];
  return [{ text: value, steps }, ...elements].flatMap(({ text, steps: place }) => {
    if (typeof text !== "string" || !isProse(text, root)) return [];
    return [described(of, root, { text, steps: place, mark: "named" })];
  });
}

function readabilityAt(of: Readable, steps: readonly FixedStep[]): Readability {
  const keys = steps.flatMap((step) => (step.kind === "member" ? [step.key] : []));
  switch (of.kind) {
    case "definition":
      return readabilityOfThing(of.thing, keys);
    case "failure":
      return "never";
    case "message":
      return readabilityOf(of.facts.method, phaseOf(of.facts), keys.slice(1));
  }
}

function described(of: Readable, root: JsonObject, { text, steps, mark }: ReadText): FoundText {
  const { context, about, names }: About =
    of.kind === "definition" ? aboutDefinition(of, root, steps) : aboutMessage(of, steps);
  return { steps, text, context, about, names, isPersonal: mark === "named" };
}

function phaseOf({ kind }: Facts): "request" | "result" | "error" {
  return kind === "notification" ? "request" : kind;
}

function partOf({ kind }: Facts): "params" | "result" | "error" {
  return kind === "result" || kind === "error" ? kind : "params";
}

function member(key: string): FixedStep {
  return { kind: "member", key };
}

function element(index: number): FixedStep {
  return { kind: "index", index };
}

function isSameStep(step: FixedStep, other: FixedStep | undefined): boolean {
  if (step.kind === "member") return other?.kind === "member" && other.key === step.key;
  return other?.kind === "index" && other.index === step.index;
}
