// The settings file as a tree that remembers where everything stands: JSON with comments and trailing commas.
import { type LocationRange, type MemberNode, type ValueNode, parse } from "@humanwhocodes/momoa";
import { type JsonMistake, jsonMistake } from "./json-mistake.ts";
import { pathText, type SettingsFault, type SettingsPath, type SettingsProblem } from "./problem.ts";

export type DocumentReading =
  | { readonly kind: "document"; readonly document: SettingsDocument }
  | { readonly kind: "broken"; readonly mistake: JsonMistake };

export interface SettingsDocument {
  readonly root: ValueNode;
}

/** 1-based. */
export interface LinePlace {
  readonly line: number;
  readonly column: number;
}

export function parseDocument(text: string): DocumentReading {
  const withoutMark = text.startsWith("\uFEFF") ? text.slice(1) : text;
  try {
    const { body } = parse(withoutMark, { mode: "jsonc", allowTrailingCommas: true });
    return { kind: "document", document: { root: body } };
  } catch (error) {
    return { kind: "broken", mistake: jsonMistake(error, withoutMark) };
  }
}

/** `file`: as problems name it. */
export function located(file: string, document: SettingsDocument, fault: SettingsFault): SettingsProblem {
  const { at, isName = false, message, help } = fault;
  const place = isName ? placeOfName(document, at) : placeAt(document, at);
  return { file, ...place, path: pathText(at), message, ...(help === undefined ? {} : { help }) };
}

/** Where the value at `path` stands; of one that is missing, where the nearest thing around it stands. */
export function placeAt({ root }: SettingsDocument, path: SettingsPath): LinePlace {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    node = next;
  }
  return startOf(node.loc);
}

export function isWritten(document: SettingsDocument, path: SettingsPath): boolean {
  return nodeAt(document, path) !== undefined;
}

/** Where the name of the member at `path` stands. */
function placeOfName(document: SettingsDocument, path: SettingsPath): LinePlace {
  const parent = nodeAt(document, path.slice(0, -1));
  const member = parent?.type === "Object" ? memberOf(parent.members, path.at(-1)) : undefined;
  return member === undefined ? placeAt(document, path) : startOf(member.name.loc);
}

export function nameOf(member: MemberNode): string {
  return member.name.type === "String" ? member.name.value : member.name.name;
}

export function startOf({ start }: LocationRange): LinePlace {
  return { line: start.line, column: start.column };
}

function nodeAt({ root }: SettingsDocument, path: SettingsPath): ValueNode | undefined {
  return path.reduce<ValueNode | undefined>((node, step) => node && childOf(node, step), root);
}

function childOf(node: ValueNode, step: string | number): ValueNode | undefined {
  if (node.type === "Array") return typeof step === "number" ? node.elements[step]?.value : undefined;
  return node.type === "Object" ? memberOf(node.members, step)?.value : undefined;
}

function memberOf(members: readonly MemberNode[], step: string | number | undefined): MemberNode | undefined {
  return members.find((member) => nameOf(member) === step);
}
