// What a dispatcher is told once, when it is made.
import type { Era } from "../mcp/methods.ts";
import type { EnvelopeLimits } from "../message/envelope.ts";
import type { AskingOptions } from "./gates/approval.ts";
import type { ServerLife } from "./life/life-options.ts";
import type { Tracing } from "./observing/tracing.ts";

export interface DispatchOptions {
  /** In the order of the settings, which decides who keeps a name and how lists are merged. */
  readonly servers: readonly ServerOptions[];
  /** `plain`: a prefix only where two servers offer the same name. */
  readonly naming: "plain" | "prefix";
  /** What clients accept as a name; `undefined`: what MCP says. */
  readonly names: { readonly max: number; readonly chars: string } | undefined;
  readonly limits: DispatchLimits;
  /** How the proxy introduces itself. */
  readonly proxy: { readonly name: string; readonly version: string };
  readonly seal: Seal;
  /** How humans are asked; absent: as where the settings say nothing. */
  readonly asking?: AskingOptions | undefined;
  /** 128 random bits as text, never the same twice. */
  readonly token: () => string;
  /** Other proxies have the same store, and may take what this one has sealed. */
  readonly sharesStore?: boolean | undefined;
  /** Records come with what they are about, for logs of whole messages. */
  readonly logsMessages?: boolean | undefined;
  /** Absent: `traceparent` and `tracestate` pass as they are. */
  readonly tracing?: Tracing | undefined;
}

/** For what leaves the proxy and has to come back as it was: nobody else can read it, or make one. */
export interface Seal {
  readonly seal: (plain: string) => string;
  /** `undefined`: it is none of ours. */
  readonly open: (sealed: string) => string | undefined;
  /** SHA-256, as text. */
  readonly digest: (text: string) => string;
}

export interface ServerOptions {
  readonly name: string;
  /** Where relative paths in its arguments start, and its home; absent: relative paths are in doubt. */
  readonly root: string | undefined;
  readonly home: string | undefined;
  readonly transport: "stdio" | "http";
  /** Says which server it is, to whoever keeps what it answers: that of the same name in other settings is another one. */
  readonly identity?: string | undefined;
  /** Absent: it is asked. */
  readonly era?: Era | undefined;
  /** Absent: as where the settings say nothing. */
  readonly life?: ServerLife | undefined;
}

export interface DispatchLimits extends EnvelopeLimits {
  /** Requests of one client, or of one server, that are not answered yet. */
  readonly inFlight: number;
}
