// The modules of the settings as the rest of the program has them: where each is, what it is asked, and what leaves for it.
import type { Pattern } from "../../expression/pattern.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { Hook, InterceptorType } from "./wire.ts";

export interface ModulesSettings {
  /** In the order of the file. */
  readonly modules: readonly ModuleSettings[];
  /** All calls of one message together. */
  readonly deadlineMs: number;
  /** Of one payload, there or back. */
  readonly maxBytes: number;
}

export interface ModuleSettings {
  readonly name: string;
  readonly host: HostSettings;
  /** By name, in the order of the file. `undefined`: whatever the host lists. */
  readonly designated: ReadonlyMap<string, Designation> | undefined;
  readonly config: JsonObject;
  /** Keys of `config` that no rule may lay anything over. */
  readonly locked: readonly string[];
  readonly mode: "active" | "audit";
  readonly failOpen: boolean;
  readonly timeoutMs: number;
  readonly maxConcurrent: number;
  readonly queue: number;
  /** Of results: `receiving` shows them to validators first. */
  readonly direction: "sending" | "receiving";
  /** Validators one after the other. */
  readonly isSerial: boolean;
  readonly mayTell: boolean;
  readonly mayAsk: boolean;
  readonly send: Leaving;
  /** What differs from the contract. */
  readonly drift: { readonly paramsAlone: boolean; readonly sessionId: boolean; readonly plural: boolean };
}

export type HostSettings =
  | {
      readonly kind: "process";
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd: string;
    }
  | {
      readonly kind: "http";
      readonly url: string;
      /** By lower-case name. */
      readonly headers: Readonly<Record<string, string>>;
      readonly auth: ModuleAuth | undefined;
    }
  /** Absolute. */
  | { readonly kind: "script"; readonly path: string; readonly isIsolated: boolean };

export type ModuleAuth =
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "hmac"; readonly keyId: string; readonly secret: string }
  /** PEM texts. */
  | { readonly kind: "mtls"; readonly cert: string; readonly key: string; readonly ca: string | undefined };

export interface Designation {
  readonly type: InterceptorType;
  readonly hooks: readonly Hook[] | undefined;
  readonly priority: Readonly<Record<"request" | "response", number>> | undefined;
  readonly mode: "active" | "audit" | undefined;
  readonly failOpen: boolean | undefined;
}

export interface Leaving {
  /** Keys from the payload down. */
  readonly drop: readonly (readonly string[])[];
  readonly redact: Pattern | undefined;
  /** Names of claims; `undefined`: all of them, to what runs on this machine. */
  readonly claims: readonly string[] | undefined;
  /** Of a result, the request that it answers. */
  readonly request: boolean;
  /** Metadata of the message stays here, but for `traceparent`. */
  readonly hidesMeta: boolean;
}
