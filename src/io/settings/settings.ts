// The settings: which servers there are, where the rules lie, and the limits. What comes of a file, or of one command line.
import { homedir } from "node:os";
import type { Era } from "../../mcp/methods.ts";
import type { AskingOptions } from "../../dispatch/gates/approval.ts";
import type { ServerLife } from "../../dispatch/life/life-options.ts";
import type { AuthSettings, DoorLimits, ListenSettings } from "../http/door-settings.ts";
import type { LogSettings } from "../log/log-settings.ts";
import type { ModulesSettings } from "../modules/module-settings.ts";
import type { TranslationSettings } from "../translators/translation-settings.ts";
import type { MetricsSettings } from "../metrics/metrics-settings.ts";
import type { TracesSettings } from "../traces/traces-settings.ts";
import type { SealKey } from "../seal.ts";
import type { StoreSettings } from "../store/store-settings.ts";
import type { OAuthSettings } from "./oauth.ts";

export type ServerSettings = ProcessServer | HttpServer;

export interface ProcessServer {
  readonly kind: "process";
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
  /** Absent: as where the settings say nothing. */
  readonly life?: ServerLife | undefined;
  /** Absent: it is asked. */
  readonly era?: Era | undefined;
}

export interface HttpServer {
  readonly kind: "http";
  readonly name: string;
  readonly url: string;
  /** How it is spoken to: Streamable HTTP, HTTP+SSE (2024-11-05), or whichever it answers to. */
  readonly wire: "http" | "sse" | "either";
  /** Of every request, by lower-case name. They may be secret. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: the headers are all there is. */
  readonly oauth?: OAuthSettings | undefined;
  /** As of a process; where it is not said, relative paths are in doubt. */
  readonly root: string | undefined;
  readonly home: undefined;
  readonly life?: ServerLife | undefined;
  /** Absent: it is asked. */
  readonly era?: Era | undefined;
}

export interface Settings {
  /** Absolute; undefined when one server is wrapped without any file. */
  readonly file: string | undefined;
  /** In the order of the file, without those that are disabled. */
  readonly servers: readonly ServerSettings[];
  /** Files or folders; absolute. */
  readonly rules: readonly string[];
  /** In the order of the file. Where there are any, nobody gets anything outside of them. */
  readonly profiles: readonly ProfileSettings[];
  readonly naming: "plain" | "prefix";
  /** What becomes of things that are not as `mcprules.lock` says: nothing, a report, or they are hidden and refused. */
  readonly pin: "off" | "warn" | "block";
  readonly names: { readonly max: number; readonly chars: string } | undefined;
  /** Names of servers that may be given a path at or above the policy, and what it rests on. */
  readonly trustServers: readonly string[];
  readonly log: LogSettings;
  /** Where counters and times can be read, if anywhere. */
  readonly metrics?: MetricsSettings | undefined;
  /** Where spans go, if anywhere. */
  readonly traces?: TracesSettings | undefined;
  readonly limits: DoorLimits & {
    readonly messageBytes: number;
    /** Over stdio: how long a client that closed its end is still answered. */
    readonly lastAnswersMs: number;
  };
  /** Where clients come in over HTTP, if they do. */
  readonly listen: ListenSettings;
  /** Who may come in over HTTP; `undefined`: whoever can. */
  readonly auth: AuthSettings | undefined;
  /** External modules that rules may call; absent: none. */
  readonly modules?: ModulesSettings | undefined;
  /** Who translates, and what people read; absent: nobody, and nobody knows. */
  readonly translation?: TranslationSettings | undefined;
  /** The first seals, all open. Empty: a random key, as long as the proxy runs. */
  readonly keys: readonly SealKey[];
  /** How humans are asked; absent: as where the settings say nothing. */
  readonly asking?: AskingOptions | undefined;
  /** Files that secrets were read from, absolute; absent: none was. */
  readonly secretFiles?: readonly string[];
  /** What is remembered between messages, and where; absent: in the memory of this process. */
  readonly store?: StoreSettings | undefined;
}

/** Some of the servers, under rules of their own. */
export interface ProfileSettings {
  readonly name: string;
  /** Their names; those that are disabled are not there. */
  readonly servers: readonly string[];
  /** Files or folders; absolute. */
  readonly rules: readonly string[];
}

/** What holds where the settings say nothing. */
export const DEFAULTS = {
  naming: "plain",
  pin: "off",
  log: { level: "info", to: "stderr" },
  limits: {
    messageBytes: 64 * 1024 * 1024,
    depth: 512,
    inFlight: 1024,
    lastAnswersMs: 10_000,
    httpBodyBytes: 16 * 1024 * 1024,
    sessions: 1000,
    sessionIdleMs: 30 * 60 * 1000,
  },
  listen: { host: "127.0.0.1", port: 7331, path: "/mcp", allowedHosts: [], allowedOrigins: [], anyone: false },
} as const;

/** Of a settings file that names no server and says nothing else. */
export const NOTHING_SAID: Settings = {
  ...DEFAULTS,
  file: undefined,
  servers: [],
  rules: [],
  profiles: [],
  names: undefined,
  trustServers: [],
  auth: undefined,
  keys: [],
};

/** A URI scheme, since a resource that two servers list is exposed as `SERVER+URI`. */
export const SERVER_NAME = /^[A-Za-z][A-Za-z0-9.-]*$/;

/**
 * One server without a settings file: `mcprules run --rules x.mcprules -- COMMAND ARG…`. It gets all of `environment`:
 * what a host gives the proxy in the server's place is meant for the server. `undefined`: not a good name.
 */
export function wrapOneServer(
  name: string,
  [command, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
): Settings | undefined {
  if (!SERVER_NAME.test(name)) return undefined;
  const cwd = process.cwd();
  const home = process.env["HOME"] ?? homedir();
  const env = Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
  const server = { kind: "process", name, command, args, env, cwd, root: cwd, home } as const;
  return { ...NOTHING_SAID, servers: [server] };
}
