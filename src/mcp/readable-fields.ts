// Which fields of MCP's messages people read, so that they can be translated, and which never are.
import { fieldAt, fieldsOf, fieldsOfThing, type FieldTree, type MessagePhase } from "./fields.ts";
import { listOfMethod, type ListedKind } from "./lists.ts";
import { schemaReading } from "./readable-schema.ts";

export interface ReadableField {
  /** From `params`, `result`, `error` or the definition down; lists are entered without a key. */
  readonly keys: readonly string[];
  /** `named`: only where a rule names it, since it may hold anything, also people's data. */
  readonly mark: "always" | "named";
  /** A schema is walked by keyword. Of a `form` the names of choices are read too. */
  readonly holds: "text" | "schema" | "form";
  /** What the object it stands in has to say of itself. */
  readonly within?: { readonly key: string; readonly values: readonly string[] };
}

/** What stands at a place: for people to read, not for them, or anything, as in the arguments of a call. */
export type Readability = "readable" | "never" | "anything";

const TITLES = [text("title"), text("description")];

const DEFINITIONS: Readonly<Record<ListedKind, readonly ReadableField[]>> = {
  tool: [
    ...TITLES,
    text("annotations", "title"),
    { keys: ["inputSchema"], mark: "always", holds: "schema" },
    { keys: ["outputSchema"], mark: "always", holds: "schema" },
  ],
  prompt: [...TITLES, text("arguments", "title"), text("arguments", "description")],
  resource: TITLES,
  template: TITLES,
};

const TEXT_BLOCK = { key: "type", values: ["text"] };
const LINK = { key: "type", values: ["resource_link"] };
/** Other text is code, data or markup. */
const PROSE = { key: "mimeType", values: ["text/plain", "text/markdown"] };

const REQUESTS: Readonly<Record<string, readonly ReadableField[]>> = {
  "elicitation/create": [text("message"), { keys: ["requestedSchema"], mark: "always", holds: "form" }],
  "sampling/createMessage": [named(["systemPrompt"]), named(["messages", "content", "text"], TEXT_BLOCK)],
  "notifications/message": [named(["data"])],
  "notifications/progress": [named(["message"])],
  "notifications/tasks/status": [text("statusMessage")],
  "notifications/tasks": [text("statusMessage")],
};

const INSTRUCTIONS = [named(["instructions"])];
const STATUS = [text("statusMessage")];

const RESULTS: Readonly<Record<string, readonly ReadableField[]>> = {
  initialize: INSTRUCTIONS,
  "server/discover": INSTRUCTIONS,
  "prompts/get": [text("description"), named(["messages", "content", "text"], TEXT_BLOCK)],
  "tools/call": [
    named(["content", "text"], TEXT_BLOCK),
    named(["content", "title"], LINK),
    named(["content", "description"], LINK),
    named(["content", "resource", "text"], PROSE),
    text("task", "statusMessage"),
  ],
  "resources/read": [named(["contents", "text"], PROSE)],
  "sampling/createMessage": [named(["content", "text"], TEXT_BLOCK)],
  "tasks/get": STATUS,
  "tasks/cancel": STATUS,
  "tasks/list": [text("tasks", "statusMessage")],
};

/** Where anything may stand, and only who writes the rule knows what is for people. */
const ANYTHING: Readonly<Record<MessagePhase, Readonly<Record<string, readonly string[]>>>> = {
  request: { "tools/call": ["arguments"], "prompts/get": ["arguments"], "notifications/message": ["data"] },
  result: { "tools/call": ["structuredContent"], "elicitation/create": ["content"] },
  error: {},
};

export function readableFieldsOf(method: string, phase: MessagePhase): readonly ReadableField[] {
  switch (phase) {
    case "request":
      return REQUESTS[method] ?? [];
    case "result":
      return RESULTS[method] ?? listFields(method);
    case "error":
      return ERROR_FIELDS;
  }
}

export function readableFieldsOfThing(kind: ListedKind): readonly ReadableField[] {
  return DEFINITIONS[kind];
}

/**
 * What the place is that `keys` lead to (from `params`, `result` or `error` down, steps into lists left out). A place
 * that holds something readable further down is `readable` too.
 */
export function readabilityOf(method: string, phase: MessagePhase, keys: readonly string[]): Readability {
  const [first] = keys;
  if (first !== undefined && ANYTHING[phase][method]?.includes(first) === true) return "anything";
  return readability(readableFieldsOf(method, phase), fieldsOf(method, phase), keys);
}

/** The same of the definition of a thing. */
export function readabilityOfThing(kind: ListedKind, keys: readonly string[]): Readability {
  return readability(readableFieldsOfThing(kind), fieldsOfThing(kind), keys);
}

const ERROR_FIELDS = [text("message")];

function listFields(method: string): readonly ReadableField[] {
  const list = listOfMethod(method);
  if (list === undefined) return [];
  return DEFINITIONS[list.kind].map((field) => placedBelow(list.member, field));
}

function placedBelow(key: string, field: ReadableField): ReadableField {
  return { ...field, keys: [key, ...field.keys] };
}

function readability(
  readable: readonly ReadableField[],
  fields: FieldTree | undefined,
  keys: readonly string[],
): Readability {
  if (readable.some((field) => isReadable(field, keys))) return "readable";
  const [first] = keys;
  // What MCP knows and the table has not is no prose. What MCP does not know may be.
  const isKnown = first === undefined || first === "_meta" || fieldAt(fields, [first]) !== undefined;
  return isKnown ? "never" : "anything";
}

function isReadable({ keys: field, holds }: ReadableField, keys: readonly string[]): boolean {
  if (!field.every((key, index) => index >= keys.length || keys[index] === key)) return false;
  if (keys.length <= field.length) return true;
  return holds !== "text" && schemaReading(keys.slice(field.length), holds) !== "never";
}

function text(...keys: readonly string[]): ReadableField {
  return { keys, mark: "always", holds: "text" };
}

function named(keys: readonly string[], within?: ReadableField["within"]): ReadableField {
  return { keys, mark: "named", holds: "text", ...(within && { within }) };
}
