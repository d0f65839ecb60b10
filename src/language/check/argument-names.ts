// The names of arguments and fields that are known: of what a tool or prompt says it takes, and of what rules write.
import { parsePath } from "../../expression/path.ts";
import type { CatalogueLock } from "../../mcp/catalogue-lock.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";

/** Of a tool's schema, or of a prompt's list. */
export function argumentsIn(definition: JsonValue): readonly string[] {
  if (!isJsonObject(definition)) return [];
  const { inputSchema, arguments: listed } = definition;
  const properties = inputSchema !== undefined && isJsonObject(inputSchema) ? inputSchema["properties"] : undefined;
  const named = listed !== undefined && isJsonArray(listed) ? listed : [];
  return [
    ...(properties !== undefined && isJsonObject(properties) ? Object.keys(properties) : []),
    ...named.flatMap((one) => (isJsonObject(one) && typeof one["name"] === "string" ? [one["name"]] : [])),
  ];
}

/** Of whatever a server has. */
export function argumentsInLock(lock: CatalogueLock | undefined): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { things } of lock?.servers.values() ?? [])
    for (const { definition } of [...things.tool.values(), ...things.prompt.values()])
      for (const name of argumentsIn(definition)) names.add(name);
  return names;
}

/** Fields that some rule writes or removes, wherever its paths start; `undefined`: it may write any. */
export function fieldsWritten(rules: Iterable<RuleItem>): ReadonlySet<string> | undefined {
  const paths = [...rules].flatMap(({ actions }) => actions.flatMap(pathsWritten));
  if (paths.includes("params") || paths.includes("params.arguments")) return undefined;
  return new Set(paths.map((path) => path.replace(OUTER, "")).map(firstKey));
}

function pathsWritten(action: ActionNode): readonly string[] {
  if (action.kind === "remove") return action.paths.map(({ text }) => text);
  const { kind } = action;
  return kind === "set" || kind === "add" || kind === "rewrite" || kind === "supply" ? [action.path.text] : [];
}

/** What stands before a field's own name in an absolute path. */
const OUTER = /^(?:params\.arguments|params|result|error)\./;

function firstKey(path: string): string {
  const [first] = parsePath(path).steps;
  return first?.kind === "member" ? first.key : path;
}
