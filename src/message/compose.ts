// Messages of our own making, from values to bytes.
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { jsonText } from "./json-text.ts";

/** `id` is raw JSON text everywhere here: `1`, `"1"`; `undefined` writes `null`. */
export function composeResult(id: string, result: JsonValue): Buffer {
  return composeWrittenResult(id, jsonText(result));
}

/** `result`: JSON text. */
export function composeWrittenResult(id: string, result: string): Buffer {
  return Buffer.from(`${resultHead(id)}${result}}`);
}

/** Of an answer that was made here, and not passed on: whether it is a result. */
export function isComposedResult(id: string, answer: Buffer): boolean {
  const head = resultHead(id);
  return answer.toString("utf8", 0, Buffer.byteLength(head)) === head;
}

export function composeError(id: string | undefined, code: number, message: string, details?: JsonValue): Buffer {
  const error = details === undefined ? { code, message } : { code, message, data: details };
  return Buffer.from(`{"jsonrpc":"2.0","id":${id ?? "null"},"error":${jsonText(error)}}`);
}

export function composeRequest(id: string, method: string, params?: JsonObject): Buffer {
  const rest = params === undefined ? "" : `,"params":${jsonText(params)}`;
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)}${rest}}`);
}

export function composeNotification(method: string, params?: JsonObject): Buffer {
  const rest = params === undefined ? "" : `,"params":${jsonText(params)}`;
  return Buffer.from(`{"jsonrpc":"2.0","method":${JSON.stringify(method)}${rest}}`);
}

function resultHead(id: string): string {
  return `{"jsonrpc":"2.0","id":${id},"result":`;
}
