// The settings: which servers there are, where the rules lie, and the limits. What comes of a file, or of one command line.
import { homedir } from "node:os";

export interface ServerSettings {
  readonly name: string;
  /** Looked up in `PATH`; with a folder in it, relative to `cwd`. */
  readonly command: string;
  readonly args: readonly string[];
  /** In addition to the few variables every server gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What relative paths in the arguments of its calls are relative to. */
  readonly root: string;
  /** What `~` in the arguments of its calls stands for. */
  readonly home: string;
}

export type LogLevelSetting = "trace" | "debug" | "info" | "warn" | "error";

export interface Settings {
  /** Absolute; undefined when one server is wrapped without any file. */
  readonly file: string | undefined;
  /** In the order of the file, without those that are disabled. */
  readonly servers: readonly ServerSettings[];
  /** Files or folders; absolute. */
  readonly rules: readonly string[];
  readonly naming: "plain" | "prefix";
  readonly names: { readonly max: number; readonly chars: string } | undefined;
  /** Names of servers that may be given a path at or above the policy. */
  readonly trustServers: readonly string[];
  readonly log: {
    readonly level: LogLevelSetting;
    /** `stderr`, or the absolute path of a file. */ readonly to: string;
  };
  readonly limits: { readonly messageBytes: number; readonly depth: number; readonly inFlight: number };
}

/** What holds where the settings say nothing. */
export const DEFAULTS = {
  naming: "plain",
  log: { level: "info", to: "stderr" },
  limits: { messageBytes: 64 * 1024 * 1024, depth: 512, inFlight: 1024 },
} as const;

/** A URI scheme, since a resource that two servers list is exposed as `SERVER+URI`. */
export const SERVER_NAME = /^[A-Za-z][A-Za-z0-9.-]*$/;

/** One server without a settings file: `mcprules run --rules x.mcprules -- COMMAND ARG…`. `undefined`: not a good name. */
export function wrapOneServer(name: string, [command, ...args]: readonly [string, ...string[]]): Settings | undefined {
  if (!SERVER_NAME.test(name)) return undefined;
  const cwd = process.cwd();
  const server = { name, command, args, env: {}, cwd, root: cwd, home: process.env["HOME"] ?? homedir() };
  return { ...DEFAULTS, file: undefined, servers: [server], rules: [], names: undefined, trustServers: [] };
}
