// What somebody listens for in the modern era: changes of lists, and updates of resources (2026-07-28, `subscriptions/listen`).
import type { JsonArray, JsonObject, JsonValue } from "../../mcp/json.ts";
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";

export interface Filter {
  /** The notifications that say so: `notifications/tools/list_changed`. */
  readonly lists: ReadonlySet<string>;
  readonly uris: ReadonlySet<string>;
  /** Ids of tasks. */
  readonly tasks: ReadonlySet<string>;
}

export const NOTHING: Filter = { lists: new Set(), uris: new Set(), tasks: new Set() };

const LIST_FLAGS: readonly (readonly [flag: string, method: string])[] = [
  ["toolsListChanged", "notifications/tools/list_changed"],
  ["promptsListChanged", "notifications/prompts/list_changed"],
  ["resourcesListChanged", "notifications/resources/list_changed"],
];

/** Of the `params` of `subscriptions/listen` and its acknowledgement; `undefined`: they name none. */
export function filterOf(params: JsonValue | undefined): Filter | undefined {
  const said = isJsonObject(params) ? params["notifications"] : undefined;
  if (!isJsonObject(said)) return undefined;
  const uris = said["resourceSubscriptions"];
  const tasks = said["taskIds"];
  return {
    lists: new Set(LIST_FLAGS.flatMap(([flag, method]) => (said[flag] === true ? [method] : []))),
    uris: new Set(isJsonArray(uris) ? textsOf(uris) : []),
    tasks: new Set(isJsonArray(tasks) ? textsOf(tasks) : []),
  };
}

/** As it stands in a message. */
export function notificationsOf({ lists, uris, tasks }: Filter): JsonObject {
  const flags = LIST_FLAGS.flatMap(([flag, method]): [string, JsonValue][] =>
    lists.has(method) ? [[flag, true]] : [],
  );
  return {
    ...Object.fromEntries(flags),
    ...(uris.size === 0 ? {} : { resourceSubscriptions: [...uris] }),
    ...(tasks.size === 0 ? {} : { taskIds: [...tasks] }),
  };
}

export function isSameFilter(a: Filter, b: Filter): boolean {
  return isSameSet(a.lists, b.lists) && isSameSet(a.uris, b.uris) && isSameSet(a.tasks, b.tasks);
}

export function isNothing({ lists, uris, tasks }: Filter): boolean {
  return lists.size === 0 && uris.size === 0 && tasks.size === 0;
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((entry) => b.has(entry));
}

function textsOf(list: JsonArray): readonly string[] {
  return list.filter((entry): entry is string => typeof entry === "string");
}
