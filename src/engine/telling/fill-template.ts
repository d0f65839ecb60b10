// Reasons and log lines with their `{fields}` filled in: masked, escaped, and cut.
import type { Path } from "../../expression/path.ts";
import type { Template } from "../../language/compiled-policy.ts";
import type { JsonValue } from "../../mcp/json.ts";
import type { Home } from "../matching/identity-truth.ts";
import { maskText } from "./masking.ts";
import { readsOfPath } from "../matching/prepare-head.ts";
import type { Scene } from "../scene.ts";

/**
 * `secrets`: values that `supply` wrote. In a reason (or a question) nothing stands that came in a server's reply: it
 * would speak with the proxy's voice.
 */
export function fillTemplate(
  scene: Scene,
  home: Home,
  template: Template,
  purpose: "reason" | "log",
  secrets: readonly string[],
  budget?: CharacterBudget,
): string {
  const text = template.map((piece) => {
    if (piece.kind === "text") return piece.text;
    if (purpose === "reason" && isFromServersReply(scene, home, piece.path)) return "";
    const shown = shortened(maskText(scene.revision, fieldText(scene, home, piece.path), secrets));
    return budget ? budget.take(shown) : shown;
  });
  return maskText(scene.revision, text.join(""), secrets);
}

/** What is left of the characters that several fields may take together. */
export interface CharacterBudget {
  /** As much of it as there is room for. */
  take(text: string): string;
}

export function characterBudget(most: number): CharacterBudget {
  let left = most;
  return {
    take: (text) => {
      const taken = cutTo(left, Array.from(text));
      left -= Array.from(taken).length;
      return taken;
    },
  };
}

/** Whether it takes no more than the identity of a message to fill this in. */
export function isAboutIdentity(template: Template): boolean {
  return template.every((piece) => piece.kind === "text" || isIdentity(piece.path));
}

export function isIdentity(path: Path): boolean {
  if (path.text === "method" || path.text === "name") return true;
  const { home, content, request, tags } = readsOfPath(path);
  const second = path.steps[1];
  const isClaim = second?.kind === "member" && second.key === "claims";
  return !home && !content && !request && !tags && !isClaim;
}

/** Characters of a field that a text shows. */
const MOST_CHARACTERS = 200;

/** What moves the cursor, ends the line, turns the direction of writing, or cannot be seen. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

export function escaped(text: string): string {
  return text.replaceAll(UNSEEN, (character) =>
    character === "\n" ? "\\n" : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

export function shortened(text: string): string {
  const characters = Array.from(escaped(text.slice(0, 2 * MOST_CHARACTERS)));
  return text.length <= 2 * MOST_CHARACTERS
    ? cutTo(MOST_CHARACTERS, characters)
    : `${characters.slice(0, MOST_CHARACTERS - 1).join("")}…`;
}

function cutTo(most: number, characters: readonly string[]): string {
  if (characters.length <= most) return characters.join("");
  return most === 0 ? "" : `${characters.slice(0, most - 1).join("")}…`;
}

function fieldText(scene: Scene, home: Home, path: Path): string {
  switch (path.text) {
    case "method":
      return scene.facts.method;
    case "name":
      return scene.facts.name ?? "";
    case "user":
      return scene.facts.principal.user?.id ?? "";
    case "client":
      return scene.facts.principal.client?.name ?? "";
    default:
      return valuesToTell(scene, home, path).map(asText).join(", ");
  }
}

/** What stands in a text is told where nothing else does. */
function valuesToTell(scene: Scene, home: Home, path: Path): readonly JsonValue[] {
  const values = scene.values(home, path);
  return values.length > 0 ? values : (scene.otherReading?.values(home, path) ?? values);
}

function asText(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A definition is a reply too: the server's own words about its tool. */
function isFromServersReply(scene: Scene, home: Home, path: Path): boolean {
  if (path.text === "method" || path.text === "name") return false;
  const { home: isRelative, content } = readsOfPath(path);
  if (isRelative && home === "thing") return true;
  const isReply = scene.facts.kind === "result" || scene.facts.kind === "error";
  return (isRelative || content) && isReply && scene.facts.from === "server";
}
