// What may stand in the settings file, field by field; what a later version will serve is refused by name, not ignored.
import * as z from "zod";
import { DEFAULTS } from "./settings.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error"] as const;

/** Said of fields and values that are part of the settings, but of a later version. */
function notYet(instead: string) {
  return z
    .undefined({ error: () => `is not served in this version${instead === "" ? "" : `: ${instead}`}` })
    .optional();
}

/** The one value there is today; every other one belongs to a later version. */
function only<const Value extends string | boolean>(value: Value) {
  return z.literal(value, { error: () => `is served in this version only as \`${String(value)}\`` }).optional();
}

const HTTP_ONLY = "it belongs to HTTP; this version speaks stdio";

const hostServer = z.strictObject({
  type: z
    .literal("stdio", {
      error: () => "is served in this version only as `stdio`: a server that is started with a `command`",
    })
    .optional(),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  cwd: z.string().min(1).optional(),
  disabled: z.boolean().optional(),
  url: notYet("only servers that are started with a `command`"),
  headers: notYet(HTTP_ONLY),
});

const serverExtras = z.strictObject({
  root: z.string().min(1).optional(),
  start: only("eager"),
  share: only(false),
  arguments: only("any"),
  timeoutMs: notYet("a call waits for its server"),
  restart: notYet("a server that has ended stays down until the proxy is started again"),
});

const limits = z.strictObject({
  messageBytes: z.int().min(1024).max(0x1fffffe8).default(DEFAULTS.limits.messageBytes),
  depth: z.int().min(8).max(10_000).default(DEFAULTS.limits.depth),
  inFlight: z.int().min(1).max(1_000_000).default(DEFAULTS.limits.inFlight),
  httpBodyBytes: notYet(HTTP_ONLY),
  sessions: notYet(HTTP_ONLY),
  sessionIdleMs: notYet(HTTP_ONLY),
});

const log = z.strictObject({
  level: z.enum(LOG_LEVELS).default(DEFAULTS.log.level),
  to: z
    .string({ error: () => "must be `stderr` or the path of a file" })
    .min(1)
    .default(DEFAULTS.log.to),
});

const names = z.strictObject({
  max: z.int().min(1).max(128).default(128),
  chars: z
    .string()
    .regex(/^[\w.-]+$/, "must be a set of characters such as `a-zA-Z0-9_-`")
    .default("A-Za-z0-9_.-"),
});

const ours = z.strictObject({
  rules: z.array(z.string().min(1)).default([]),
  naming: z.enum(["plain", "prefix"]).default(DEFAULTS.naming),
  names: names.optional(),
  trustServers: z.array(z.string()).default([]),
  servers: z.record(z.string(), serverExtras).default({}),
  log: log.prefault({}),
  pin: only("off"),
  limits: limits.prefault({}),
  listen: notYet(HTTP_ONLY),
  auth: notYet(HTTP_ONLY),
  profiles: notYet("start one proxy for each"),
  modules: notYet(""),
  translators: notYet(""),
  approvals: notYet(""),
  keys: notYet(""),
  store: notYet(""),
  languages: notYet(""),
});

export const settingsSchema = z.strictObject({
  $schema: z.string().optional(),
  mcpServers: z.record(z.string(), hostServer),
  mcprules: ours.prefault({}),
});

export type SettingsValue = z.output<typeof settingsSchema>;
