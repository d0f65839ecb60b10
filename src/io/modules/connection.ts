// One connection to a host, whatever it is: asked and answered, and ended.
import type { JsonObject } from "../../mcp/json.ts";
import type { Reply } from "./peer.ts";
import type { ModuleSettings } from "./module-settings.ts";

export interface Connection {
  /** The revision of MCP that both speak. */
  readonly revision: string;
  /** Of what runs from a file: its digest, for the record. */
  readonly digest?: string;
  /** Never rejects, and answers within the time given. */
  ask(method: string, params: JsonObject | undefined, withinMs: number): Promise<Reply>;
  /** Of what runs from a file, once it is in use: tells each time that the file is another, also since before it was opened. */
  watch?(outdated: () => void): void;
  /** Resolves when nothing of it is left. */
  close(): Promise<void>;
}

export interface ConnectionEvents {
  /** It is gone, and not because it was closed. */
  readonly ended: (reason: string) => void;
  /** What it offers is no longer what it listed. */
  readonly changed: () => void;
  readonly late: () => void;
  readonly report: (text: string) => void;
  /** A line of its stderr. */
  readonly said: (line: string) => void;
}

/** A text says why there is none. */
export type Opening = Promise<Connection | string>;

export interface Opener {
  readonly settings: ModuleSettings;
  readonly maxBytes: number;
  readonly events: ConnectionEvents;
  /** Aborted: nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** How long it may take to come up. */
  readonly withinMs: number;
}
