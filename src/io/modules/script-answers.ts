// What an ES module is asked, and its answers as JSON-RPC says them: in its own thread, or in this one.
import { INTERNAL_ERROR, METHOD_NOT_FOUND } from "../../mcp/errors.ts";
import { CONTRACT } from "./wire.ts";
import { messageOf } from "../thrown.ts";

export type ToModule =
  | { readonly kind: "ask"; readonly id: number; readonly method: string; readonly params: string }
  /** Nobody waits for it any more. */
  | { readonly kind: "abort"; readonly id: number };

export type FromModule =
  | { readonly kind: "ready" }
  /** It was loaded, and cannot be asked. */
  | { readonly kind: "unfit"; readonly reason: string }
  /** `text`: a whole message. */
  | { readonly kind: "answer"; readonly id: number; readonly text: string };

type Ask = Extract<ToModule, { kind: "ask" }>;

/** Why what the file exports is no module. */
export function misfitOf(exported: unknown): string | undefined {
  if (!Array.isArray(memberOf(exported, "interceptors"))) return "its file exports no list `interceptors`";
  return typeof memberOf(exported, "invoke") === "function" ? undefined : "its file exports no function `invoke`";
}

/** Of what the module exports: `interceptors`, and `invoke(params, {signal})`. Never rejects. */
export function answerer(exported: unknown): (asked: Ask, signal: AbortSignal) => Promise<string> {
  return async ({ id, method, params }, signal) => {
    try {
      const result = await resultOf(exported, method, JSON.parse(params), signal);
      return JSON.stringify({ jsonrpc: "2.0", id, result: result ?? null });
    } catch (error) {
      const said = messageOf(error);
      return JSON.stringify({ jsonrpc: "2.0", id, error: { code: codeOf(error), message: said } });
    }
  };
}

async function resultOf(exported: unknown, method: string, params: unknown, signal: AbortSignal): Promise<unknown> {
  if (method === CONTRACT.list) return { interceptors: memberOf(exported, "interceptors") };
  const invoke = memberOf(exported, "invoke");
  if (typeof invoke === "function" && method.endsWith("/invoke")) {
    const result: unknown = Reflect.apply(invoke, undefined, [params, { signal }]);
    return result;
  }
  throw Object.assign(new Error(`the module has no ${method}`), { code: METHOD_NOT_FOUND });
}

function memberOf(exported: unknown, name: string): unknown {
  return typeof exported === "object" && exported !== null ? Reflect.get(exported, name) : undefined;
}

function codeOf(error: unknown): number {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "number" && Number.isInteger(code) ? code : INTERNAL_ERROR;
}
