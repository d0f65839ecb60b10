// What may stand in the settings file, field by field; what a later version will serve is refused by name, not ignored.
import * as z from "zod";
import { refuse } from "./entry-faults.ts";
import { logSchema, metricsSchema, tracesSchema } from "../log/log-schema.ts";
import { approvalsSchema } from "./approvals.ts";
import { serverFaults } from "./server-faults.ts";
import { DEFAULTS } from "./settings.ts";
import { moduleLimits, modulesSchema } from "./modules.ts";
import { oauthField } from "./oauth.ts";
import { lifeFields } from "./life.ts";
import { listenSchema } from "./listen.ts";
import { profilesSchema } from "./profiles.ts";
import { storeSchema } from "./store.ts";
import {
  languageField,
  languagesSchema,
  translationLimits,
  translationMemoryField,
  translatorsSchema,
} from "./translators.ts";

/** The one value there is today; every other one belongs to a later version. */
function only<const Value extends string | boolean>(value: Value) {
  return z.literal(value, { error: () => `is served in this version only as \`${String(value)}\`` }).optional();
}

const hostServer = z
  .strictObject({
    type: z.enum(["stdio", "http", "sse"]).optional(),
    command: z.string().min(1).optional(),
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    cwd: z.string().min(1).optional(),
    disabled: z.boolean().optional(),
    url: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).optional(),
  })
  .check((entry) => {
    refuse(entry, serverFaults(entry.value));
  });

export type ServerEntry = z.output<typeof hostServer>;

const serverExtras = z
  .strictObject({
    root: z.string().min(1).optional(),
    era: z.enum(["auto", "legacy", "modern"]).default("auto"),
    arguments: only("any"),
    oauth: oauthField,
    language: languageField.optional(),
    ...lifeFields,
  })
  .check((entry) => {
    const isLost = entry.value.share && entry.value.era === "modern";
    if (isLost) refuse(entry, [{ path: ["share"], message: "is for servers of the legacy era" }]);
  });

const limits = z.strictObject({
  messageBytes: z.int().min(1024).max(0x1fffffe8).default(DEFAULTS.limits.messageBytes),
  depth: z.int().min(8).max(10_000).default(DEFAULTS.limits.depth),
  inFlight: z.int().min(1).max(1_000_000).default(DEFAULTS.limits.inFlight),
  lastAnswersMs: z.int().min(0).max(0x7fffffff).default(DEFAULTS.limits.lastAnswersMs),
  httpBodyBytes: z.int().min(1024).max(0x1fffffe8).default(DEFAULTS.limits.httpBodyBytes),
  sessions: z.int().min(1).max(1_000_000).default(DEFAULTS.limits.sessions),
  sessionIdleMs: z.int().min(1000).max(0x7fffffff).default(DEFAULTS.limits.sessionIdleMs),
  modules: moduleLimits,
  translation: translationLimits,
});

const bearer = z.strictObject({
  env: z.string().min(1),
  user: z.string().min(1).optional(),
  groups: z.array(z.string().min(1)).default([]),
});

/** Over plain HTTP whoever is on the way could put in keys of his own. */
const jwks = z
  .string()
  .regex(
    /^https:\/\/|^http:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])[:/]/,
    "must be the `https` address of the issuer's keys",
  );

const jwt = z.strictObject({
  issuer: z.string().min(1),
  audience: z.string().min(1),
  jwks,
  user: z.string().min(1).default("sub"),
  groups: z.string().min(1).default("groups"),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "must be one scope, such as `mcp`")).default([]),
});

const key = z.strictObject({
  id: z.string().regex(/^[\w-]{1,32}$/, "must be up to 32 letters, digits, `_` and `-`"),
  secret: z.strictObject({ env: z.string().min(1) }),
});

const auth = z.strictObject({ bearer: z.array(bearer).default([]), jwt: jwt.optional() });

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
  log: logSchema.prefault({}),
  metrics: metricsSchema.optional(),
  traces: tracesSchema.optional(),
  pin: z.enum(["off", "warn", "block"]).default(DEFAULTS.pin),
  limits: limits.prefault({}),
  listen: listenSchema.prefault({}),
  auth: auth.optional(),
  profiles: profilesSchema,
  modules: modulesSchema,
  translators: translatorsSchema,
  translationMemory: translationMemoryField.optional(),
  approvals: approvalsSchema.optional(),
  keys: z.array(key).default([]),
  store: storeSchema.optional(),
  languages: languagesSchema,
});

export const settingsSchema = z.strictObject({
  $schema: z.string().optional(),
  mcpServers: z.record(z.string(), hostServer),
  mcprules: ours.prefault({}),
});

export type SettingsValue = z.output<typeof settingsSchema>;
