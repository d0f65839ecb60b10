// What the settings say of the log: its level, where it goes, and the sinks besides it.
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { LogLevel } from "../../language/compiled-policy.ts";

export interface LogSettings {
  readonly level: LogLevel;
  /** `stderr`, or the absolute path of a file. */
  readonly to: string;
  readonly sinks?: readonly SinkSettings[] | undefined;
}

/** A further place that lines go to: which of them, and in which form. */
export interface SinkSettings {
  readonly name: string;
  readonly level: LogLevel;
  readonly to: Destination;
  readonly form: readonly Form[];
  readonly filter: FilterSettings;
  /** A longer message is logged without what it holds. */
  readonly messageBytes: number;
}

/** `decisions`: a line a decision, and what rules `log`; `messages`: with the whole message; `reports`: what the operator should know. */
export type Form = "decisions" | "messages" | "reports";

/** What is not named is not asked for. Globs. */
export interface FilterSettings {
  readonly method?: readonly string[] | undefined;
  readonly server?: readonly string[] | undefined;
  readonly name?: readonly string[] | undefined;
  readonly from?: "client" | "server" | undefined;
  readonly verdict?: readonly DecisionRecord["verdict"][] | undefined;
}

export type Destination = FileDestination | HttpDestination | SyslogDestination | { readonly kind: "stderr" };

export interface FileDestination {
  readonly kind: "file";
  /** Absolute. */
  readonly path: string;
  /** `undefined`: one file, which is appended to. */
  readonly rotate: RotateSettings | undefined;
}

export interface RotateSettings {
  readonly bytes?: number | undefined;
  readonly every?: "day" | "hour" | undefined;
  /** Older files that stay. */
  readonly keep: number;
}

export interface HttpDestination {
  readonly kind: "http";
  readonly url: string;
  /** They may be secret. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface SyslogDestination {
  readonly kind: "syslog";
  readonly via: SyslogAddress;
  /** RFC 5424, 6.2.1. */
  readonly facility: number;
}

export type SyslogAddress =
  | { readonly kind: "udp" | "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };

export function sinkNames({ sinks = [] }: LogSettings): readonly string[] {
  return sinks.map(({ name }) => name);
}
