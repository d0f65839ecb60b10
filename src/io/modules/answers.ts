// Reads what an interceptor answered: whether it is an answer to what was asked, and what it says.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import { type Answer, type InterceptorPhase, type InterceptorType, type Message, VERDICT_KEY } from "./wire.ts";

export interface Asked {
  readonly interceptor: string;
  readonly type: InterceptorType;
  readonly phase: InterceptorPhase;
  /** What it was given. */
  readonly payload: JsonObject;
}

export function readAnswer(result: JsonValue | undefined, asked: Asked): Answer {
  if (!isJsonObject(result)) return malformed("its result is no object");
  const { resultType = "complete" } = result;
  if (resultType !== "complete") return malformed("its result is not complete");
  const said = flat(result);
  for (const key of ["interceptor", "type", "phase"] as const) {
    const echo = said[key];
    if (echo !== undefined && echo !== asked[key]) return malformed(`\`${key}\` is not the one that was asked`);
  }
  return asked.type === "validation" ? readValidation(said) : readMutation(said, asked.payload);
}

function malformed(reason: string): Answer {
  return { kind: "malformed", reason };
}

/** Older hosts put a validation one level down. */
function flat(result: JsonObject): JsonObject {
  const { validation } = result;
  return isJsonObject(validation) && result["valid"] === undefined ? { ...result, ...validation } : result;
}

/** Only a rejection of severity `error`, of none or of one that nobody knows blocks. */
function readValidation({ valid, severity, messages, info }: JsonObject): Answer {
  if (typeof valid !== "boolean") return malformed("it does not say whether it is `valid`");
  if (valid || severity === "warn" || severity === "info") return { kind: "valid" };
  const asks = isJsonObject(info) && info[VERDICT_KEY] === "ask";
  return { kind: "invalid", messages: readMessages(messages), asks };
}

/** Such as are none are left out: the rejection holds without. */
function readMessages(messages: JsonValue | undefined): readonly Message[] {
  if (!isJsonArray(messages)) return [];
  return messages.filter(isJsonObject).flatMap(({ message, path, severity }) => {
    if (typeof message !== "string") return [];
    const told: Message = { message };
    return [
      {
        ...told,
        ...(typeof path === "string" ? { path } : {}),
        ...(typeof severity === "string" ? { severity } : {}),
      },
    ];
  });
}

function readMutation({ modified, payload }: JsonObject, before: JsonObject): Answer {
  if (typeof modified !== "boolean") return malformed("it does not say whether it `modified` anything");
  if (modified) return isJsonObject(payload) ? { kind: "changed", payload } : malformed("its payload is no object");
  if (payload === undefined || isSameJson(payload, before)) return { kind: "unchanged" };
  return malformed("it says that nothing is modified, and gives another payload");
}
