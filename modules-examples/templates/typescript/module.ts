// A module in one file: what it is interested in, and what it says of a message. It runs inside the proxy.

type Phase = "request" | "response";

interface Invocation {
  readonly name: string;
  readonly event: string;
  readonly phase: Phase;
  /** `{method, params}` of a request; of a response its result. */
  readonly payload: { readonly [key: string]: unknown };
  /** What stands after `call NAME`, laid over `config` of the settings. */
  readonly config?: { readonly [key: string]: unknown };
  readonly timeoutMs?: number;
  readonly context?: {
    readonly principal?: { readonly type: string; readonly id?: string };
    readonly timestamp: string;
  };
}

/** A validator decides and changes nothing; a mutator gives back the whole payload. */
type Result = { readonly interceptor: string; readonly phase: Phase } & (
  | { readonly type: "validation"; readonly valid: true }
  | {
      readonly type: "validation";
      readonly valid: false;
      /** Only `error` blocks. */
      readonly severity: "error" | "warn" | "info";
      readonly messages: readonly { readonly path?: string; readonly message: string }[];
    }
  | { readonly type: "mutation"; readonly modified: boolean; readonly payload: Invocation["payload"] }
);

export const interceptors = [
  {
    name: "no-shouting",
    version: "1.0.0",
    type: "validation",
    hooks: [{ events: ["tools/call"], phase: "request" }],
  },
  {
    name: "no-blanks",
    version: "1.0.0",
    type: "mutation",
    hooks: [{ events: ["tools/call"], phase: "request" }],
  },
];

export async function invoke(
  { name, phase, payload }: Invocation,
  _options: { readonly signal: AbortSignal },
): Promise<Result> {
  if (name === "no-blanks") {
    const after = trimmed(payload) as Invocation["payload"];
    return {
      interceptor: name,
      type: "mutation",
      phase,
      modified: JSON.stringify(after) !== JSON.stringify(payload),
      payload: after,
    };
  }
  const path = shouting(payload, "");
  if (path === undefined) return { interceptor: name, type: "validation", phase, valid: true };
  const messages = [{ path, message: "it shouts" }];
  return { interceptor: name, type: "validation", phase, valid: false, severity: "error", messages };
}

function trimmed(value: unknown): unknown {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return value.map(trimmed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, trimmed(member)]));
}

function shouting(value: unknown, path: string): string | undefined {
  if (typeof value === "string") return /^[^a-z]*[A-Z]{5}[^a-z]*$/.test(value) ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = shouting(member, path === "" ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
