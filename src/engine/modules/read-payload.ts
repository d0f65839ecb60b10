// The other way round: which message a payload is of, for who is asked about it as a module.
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import type { Content } from "../decision.ts";
import type { Facts } from "../facts.ts";
import { moduleEvent, type ModuleView } from "./module-message.ts";

export interface PayloadMessage {
  readonly kind: Facts["kind"];
  readonly method: string;
  readonly content: Content;
}

/** `undefined`: it is no payload of this event and phase. */
export function readPayload({ event, phase, payload }: ModuleView): PayloadMessage | undefined {
  const isOurs = event.startsWith("mcprules/");
  const method = phase === "request" || isOurs ? payload["method"] : event;
  const kind = kindOf(event, phase);
  if (typeof method !== "string") return undefined;
  const meant = moduleEvent({ kind, method });
  if (meant?.event !== event || meant.phase !== phase) return undefined;
  if (meant.form === "result") return { kind, method, content: { result: payload } };
  const part = meant.form === "params" ? "params" : kind;
  const value = payload[part];
  if (value === undefined && part === "params") return { kind, method, content: {} };
  return isJsonObject(value) ? { kind, method, content: { [part]: value } satisfies JsonObject } : undefined;
}

function kindOf(event: string, phase: ModuleView["phase"]): Facts["kind"] {
  if (event === "mcprules/notification") return "notification";
  if (event === "mcprules/error") return "error";
  return phase === "request" ? "request" : "result";
}
