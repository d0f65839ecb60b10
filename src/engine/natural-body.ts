// Where the relative paths of a rule start: the arguments of a call, the result, an error, or a definition.
import type { Step } from "../expression/path.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { methodFacts } from "../mcp/methods.ts";
import type { Content } from "./decision.ts";
import type { Facts } from "./facts.ts";

const RESULT: readonly string[] = ["result"];
const ERROR: readonly string[] = ["error"];
const PARAMS: readonly string[] = ["params"];

/** Keys from the content to the natural body. */
export function bodyKeys(facts: Facts): readonly string[] {
  switch (facts.kind) {
    case "result":
      return RESULT;
    case "error":
      return ERROR;
    case "request":
    case "notification":
      return methodFacts(facts.method)?.body ?? PARAMS;
  }
}

export function bodySteps(facts: Facts): readonly Step[] {
  return bodyKeys(facts).map((key) => ({ kind: "member", key }));
}

export function memberAt(value: JsonValue | undefined, keys: readonly string[]): JsonValue | undefined {
  let found = value;
  for (const key of keys) {
    if (!isJsonObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** Of a call, or of the request beside a reply. */
export function argumentsOf(request: JsonValue | undefined): JsonValue | undefined {
  return memberAt(request, ARGUMENTS);
}

const ARGUMENTS = ["params", "arguments"];

/** `{message, code}`: of an error its own, of a result with `isError` its texts, line by line, and no code. */
export function failureBody(content: Content): JsonValue | undefined {
  if (isJsonObject(content["error"])) return content["error"];
  const blocks = memberAt(content, ["result", "content"]);
  return isJsonArray(blocks) ? { message: blocks.flatMap(textOf).join("\n") } : {};
}

export function isFailedResult(content: Content): boolean {
  return memberAt(content, ["result", "isError"]) === true;
}

/**
 * Hints that a server leaves out read as MCP says they do (2025-11-25, Schema, ToolAnnotations): destructive, unless it
 * says that it only reads, since `destructiveHint` has a meaning only where `readOnlyHint` is false.
 */
export function definitionAsRead(definition: JsonObject, isTool: boolean): JsonObject {
  if (!isTool) return definition;
  const { annotations = {} } = definition;
  if (!isJsonObject(annotations)) return definition;
  const destructiveHint = annotations["readOnlyHint"] !== true;
  return { ...definition, annotations: { ...DEFAULT_HINTS, destructiveHint, ...annotations } };
}

const DEFAULT_HINTS: JsonObject = {
  readOnlyHint: false,
  idempotentHint: false,
  openWorldHint: true,
};

function textOf(block: JsonValue): readonly string[] {
  return isJsonObject(block) && typeof block["text"] === "string" ? [block["text"]] : [];
}
