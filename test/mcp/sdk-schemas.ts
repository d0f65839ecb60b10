// The official SDK's zod schemas of the legacy era, read as a list of fields: the yardstick for our own table.
import * as sdk from "@modelcontextprotocol/sdk/types.js";

/** Path of a field (`[]` behind a list, `{}` behind an object that takes any key), to compare as text. */
export type FieldPath = string;

interface Schema {
  readonly _zod: { readonly def: Definition };
}

interface Definition {
  readonly type: string;
  readonly innerType?: Schema;
  readonly in?: Schema;
  readonly out?: Schema;
  readonly getter?: () => Schema;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly element?: Schema;
  readonly options?: readonly Schema[];
  readonly left?: Schema;
  readonly right?: Schema;
  readonly values?: readonly unknown[];
}

/** Every field below a schema; alternatives are put together. */
export function fieldPaths(schema: unknown, path: FieldPath = ""): ReadonlySet<FieldPath> {
  const found = new Set<FieldPath>();
  collect(schema as Schema, path, found);
  return found;
}

/** The methods of a union of requests or notifications. */
export function methodsOf(union: unknown): readonly string[] {
  const options = core(union as Schema).options ?? [];
  return options.map((option) => String(core(core(option).shape?.["method"] as Schema).values?.[0]));
}

/** The `params` of each request or notification in a union. */
export function paramsOf(union: unknown): ReadonlyMap<string, ReadonlySet<FieldPath>> {
  const options = core(union as Schema).options ?? [];
  return new Map(
    methodsOf(union).map((method, index) => [method, fieldPaths(core(options[index] as Schema).shape?.["params"])]),
  );
}

/** The SDK does not say which result belongs to which request; the specification does. */
export const RESULT_SCHEMAS: Readonly<Record<string, unknown>> = {
  initialize: sdk.InitializeResultSchema,
  ping: sdk.EmptyResultSchema,
  "tools/list": sdk.ListToolsResultSchema,
  "tools/call": [sdk.CallToolResultSchema, sdk.CreateTaskResultSchema],
  "prompts/list": sdk.ListPromptsResultSchema,
  "prompts/get": sdk.GetPromptResultSchema,
  "resources/list": sdk.ListResourcesResultSchema,
  "resources/templates/list": sdk.ListResourceTemplatesResultSchema,
  "resources/read": sdk.ReadResourceResultSchema,
  "resources/subscribe": sdk.EmptyResultSchema,
  "resources/unsubscribe": sdk.EmptyResultSchema,
  "completion/complete": sdk.CompleteResultSchema,
  "logging/setLevel": sdk.EmptyResultSchema,
  "tasks/get": sdk.GetTaskResultSchema,
  "tasks/cancel": sdk.CancelTaskResultSchema,
  "tasks/list": sdk.ListTasksResultSchema,
  "sampling/createMessage": [sdk.CreateMessageResultWithToolsSchema, sdk.CreateTaskResultSchema],
  "elicitation/create": [sdk.ElicitResultSchema, sdk.CreateTaskResultSchema],
  "roots/list": sdk.ListRootsResultSchema,
};

function core(schema: Schema): Definition {
  const { def } = schema._zod;
  const inner = def.innerType ?? (def.type === "pipe" ? pipeEnd(def) : undefined) ?? def.getter?.();
  return inner === undefined ? def : core(inner);
}

function pipeEnd(def: Definition): Schema | undefined {
  return def.in?._zod.def.type === "transform" ? def.out : def.in;
}

function collect(schema: Schema, path: FieldPath, found: Set<FieldPath>): void {
  const def = core(schema);
  for (const part of [...(def.options ?? []), def.left, def.right]) if (part !== undefined) collect(part, path, found);
  if (def.type === "array" && def.element !== undefined) {
    found.add(`${path}[]`);
    collect(def.element, `${path}[]`, found);
  }
  if (def.type === "record" || def.catchall?._zod.def.type === "unknown") found.add(`${path}{}`);
  for (const [key, member] of Object.entries(def.shape ?? {})) {
    found.add(`${path}.${key}`);
    // Content inside content inside a tool's result: deep enough.
    if (path.split(".").length < 7) collect(member, `${path}.${key}`, found);
  }
}
