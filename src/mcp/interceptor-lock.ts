// What the modules of the settings declared when `mcprules lock` looked: their part of `mcprules.lock`.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "./json.ts";

export interface LockedInterceptor {
  readonly name: string;
  readonly type: "mutation" | "validation";
  readonly hooks: readonly { readonly events: readonly string[]; readonly phase: "request" | "response" }[];
  readonly mode: "active" | "audit";
  readonly failOpen: boolean;
  /** The digest of its schema; `undefined`: it has none. */
  readonly configSchema: string | undefined;
}

/** By the names of the modules in the settings. */
export type LockedModules = ReadonlyMap<string, readonly LockedInterceptor[]>;

export function writtenModules(modules: LockedModules): JsonObject {
  return Object.fromEntries(
    [...modules].map(([module, interceptors]) => [
      module,
      Object.fromEntries(interceptors.map((one) => [one.name, writtenInterceptor(one)] as const)),
    ]),
  );
}

/** What is compared, without the name. */
export function writtenInterceptor({ type, hooks, mode, failOpen, configSchema }: LockedInterceptor): JsonObject {
  const written = hooks.map(({ events, phase }) => ({ events: [...events], phase }));
  return { type, hooks: written, mode, failOpen, ...(configSchema === undefined ? {} : { configSchema }) };
}

/** `undefined`: it is not what is written here. */
export function readModules(value: JsonValue): LockedModules | undefined {
  if (!isJsonObject(value)) return undefined;
  const modules = new Map<string, readonly LockedInterceptor[]>();
  for (const [module, written] of Object.entries(value)) {
    const read = isJsonObject(written)
      ? Object.entries(written).map(([name, one]) => readInterceptor(name, one))
      : [undefined];
    if (read.some((one) => one === undefined)) return undefined;
    modules.set(
      module,
      read.flatMap((one) => one ?? []),
    );
  }
  return modules;
}

function readInterceptor(name: string, written: JsonValue): LockedInterceptor | undefined {
  if (!isJsonObject(written)) return undefined;
  const { type, hooks, mode, failOpen, configSchema } = written;
  const read = isJsonArray(hooks) ? hooks.map(readHook) : [undefined];
  const isKnown = (type === "mutation" || type === "validation") && (mode === "active" || mode === "audit");
  const isWhole = typeof failOpen === "boolean" && read.every((hook) => hook !== undefined);
  if (!isKnown || !isWhole || (configSchema !== undefined && typeof configSchema !== "string")) return undefined;
  return { name, type, hooks: read, mode, failOpen, configSchema };
}

function readHook(written: JsonValue): LockedInterceptor["hooks"][number] | undefined {
  if (!isJsonObject(written)) return undefined;
  const { events, phase } = written;
  if (phase !== "request" && phase !== "response") return undefined;
  if (!isJsonArray(events)) return undefined;
  const named = events.filter((event) => typeof event === "string");
  return named.length === events.length ? { events: named, phase } : undefined;
}
