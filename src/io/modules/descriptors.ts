// Reads what a host lists: the contract as it is pinned, and what older hosts say in other words.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Descriptor, Hook, InterceptorPhase } from "./wire.ts";

export interface Listed {
  readonly kind: "listed";
  readonly descriptors: readonly Descriptor[];
  /** For the operator: what was skipped, and why. */
  readonly skipped: readonly string[];
}

export type Listing = Listed | { readonly kind: "malformed"; readonly reason: string };

/** Of the result of `interceptors/list`. What is not known is skipped; what cannot be told apart is refused. */
export function readListing(result: JsonValue | undefined): Listing {
  const listed = isJsonObject(result) ? result["interceptors"] : undefined;
  if (!isJsonArray(listed)) return { kind: "malformed", reason: "its list holds no `interceptors`" };
  const descriptors: Descriptor[] = [];
  const skipped: string[] = [];
  for (const entry of listed) {
    const read = readDescriptor(entry);
    if (typeof read === "string") skipped.push(read);
    else descriptors.push(read);
  }
  const names = descriptors.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return { kind: "malformed", reason: `it lists two interceptors called \`${twice}\`` };
  return { kind: "listed", descriptors, skipped };
}

/** A text says why it is skipped. */
function readDescriptor(entry: JsonValue): Descriptor | string {
  if (!isJsonObject(entry)) return "an interceptor that is no object";
  const { name, version, type, mode = "active", failOpen, configSchema } = entry;
  if (typeof name !== "string" || name === "") return "an interceptor without a name";
  if (type !== "mutation" && type !== "validation") return `\`${name}\`: no type that is known here`;
  const known = typeof mode === "string" ? MODES[mode] : undefined;
  if (known === undefined) return `\`${name}\`: no mode that is known here`;
  const hooks = readHooks(entry);
  if (hooks === undefined) return `\`${name}\`: hooks that cannot be read`;
  return {
    name,
    version: typeof version === "string" ? version : undefined,
    type,
    hooks,
    mode: known,
    failOpen: failOpen === true,
    priority: readPriority(entry["priorityHint"]),
    compat: readCompat(entry["compat"]),
    configSchema: isJsonObject(configSchema) ? configSchema : undefined,
  };
}

/** `enforce`: before August 2026. */
const MODES: Readonly<Record<string, Descriptor["mode"]>> = { active: "active", audit: "audit", enforce: "active" };

/** `hook`, one of them, before August 2026. */
function readHooks({ hooks, hook }: JsonObject): readonly Hook[] | undefined {
  const written = hooks === undefined && hook !== undefined ? [hook] : hooks;
  if (!isJsonArray(written)) return undefined;
  const read = written.map(readHook);
  return read.some((one) => one === undefined) ? undefined : read.flatMap((one) => one ?? []);
}

/** One for each phase: older ones say `both`, or put the phase behind the event (`tools/call/request`, or all: `*\/request`). */
function readHook(written: JsonValue): readonly Hook[] | undefined {
  if (!isJsonObject(written)) return undefined;
  const { events, phase } = written;
  if (!isJsonArray(events) || !events.every((event) => typeof event === "string")) return undefined;
  const phases = phasesOf(phase, events);
  return phases
    ?.map((one) => ({ phase: one, events: events.flatMap((event) => eventIn(event, one)) }))
    .filter((hook) => hook.events.length > 0 || events.length === 0);
}

function phasesOf(phase: JsonValue | undefined, events: readonly string[]): readonly InterceptorPhase[] | undefined {
  if (phase === "request" || phase === "response") return [phase];
  if (phase === "both") return ["request", "response"];
  return phase === undefined && events.every((event) => SUFFIXED.test(event)) ? ["request", "response"] : undefined;
}

const SUFFIXED = /^\*\/(request|response)$/;

function eventIn(event: string, phase: InterceptorPhase): readonly string[] {
  const suffix = SUFFIXED.exec(event)?.[1];
  if (suffix === undefined) return [event];
  return suffix === phase ? ["*"] : [];
}

function readPriority(hint: JsonValue | undefined): Descriptor["priority"] {
  if (typeof hint === "number") return { request: hint, response: hint };
  const { request, response } = isJsonObject(hint) ? hint : {};
  return { request: typeof request === "number" ? request : 0, response: typeof response === "number" ? response : 0 };
}

function readCompat(written: JsonValue | undefined): Descriptor["compat"] {
  if (!isJsonObject(written) || typeof written["minProtocol"] !== "string") return undefined;
  const max = written["maxProtocol"];
  return { min: written["minProtocol"], max: typeof max === "string" ? max : undefined };
}
