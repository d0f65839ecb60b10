// External modules: the section `modules` of the settings, what may stand in it, and what is wrong with it.
import * as z from "zod";
import { type EntryFault, refuse } from "./entry-faults.ts";
import { isSafeUrl } from "../safe-url.ts";
import { headerFaults, serverFaults } from "./server-faults.ts";
import { secretField } from "./secret.ts";

const file = z.string().min(1);

const auth = z
  .strictObject({
    bearer: secretField.optional(),
    hmac: z
      .strictObject({
        keyId: z.string().regex(/^[\x21-\x7e]{1,128}$/, "must be up to 128 characters of a header, without blanks"),
        secret: secretField,
      })
      .optional(),
    mtls: z.strictObject({ cert: file, key: file, ca: file.optional() }).optional(),
  })
  .refine((ways) => Object.values(ways).filter((way) => way !== undefined).length === 1, {
    error: () => "must be one of `bearer`, `hmac` and `mtls`",
  });

const event = z.string().regex(/^(\*|[\w.-]+\/[\w./*-]+)$/, "must be an event such as `tools/call`, or `*`");

const hook = z.strictObject({ events: z.array(event), phase: z.enum(["request", "response"]) });
const modes = z.enum(["active", "audit"]);
const priority = z.int().min(-0x80000000).max(0x7fffffff);

const interceptor = z.strictObject({
  type: z.enum(["mutation", "validation"]),
  hooks: z.array(hook).optional(),
  priorityHint: z
    .union([priority, z.strictObject({ request: priority.optional(), response: priority.optional() })], {
      error: () => 'must be a whole number, or `{"request": …, "response": …}`',
    })
    .optional(),
  mode: modes.optional(),
  failOpen: z.boolean().optional(),
});

const keys = /^[\w-]+(\.[\w-]+)*$/;

const send = z.strictObject({
  drop: z.array(z.string().regex(keys, "must be a path such as `params._meta`")).default([]),
  redact: z.array(z.string().min(1)).default([]),
  claims: z.array(z.string().min(1)).optional(),
  request: z.boolean().default(false),
});

const module = z
  .strictObject({
    command: z.string().min(1).optional(),
    args: z.array(z.string()).optional(),
    env: z.record(z.string(), z.string()).optional(),
    cwd: z.string().min(1).optional(),
    url: z.string().min(1).optional(),
    headers: z.record(z.string(), z.string()).optional(),
    auth: auth.optional(),
    module: z.string().min(1).optional(),
    isolate: z.boolean().default(true),
    interceptors: z.record(z.string(), interceptor).optional(),
    config: z.record(z.string(), z.json()).default({}),
    locked: z.array(z.string().min(1)).default([]),
    mode: modes.default("active"),
    failOpen: z.boolean().default(false),
    timeoutMs: z.int().min(1).max(30_000).default(2000),
    maxConcurrent: z.int().min(1).max(10_000).default(32),
    queue: z.int().min(0).max(100_000).default(256),
    direction: z.enum(["sending", "receiving"]).default("sending"),
    serial: z.boolean().default(false),
    expose: z.enum(["none", "message"]).default("none"),
    mayAsk: z.boolean().default(false),
    send: send.prefault({}),
    payload: z.enum(["message", "params"]).default("message"),
    sessionId: z.boolean().default(false),
    methods: z.enum(["singular", "plural"]).default("singular"),
  })
  .check((entry) => {
    refuse(entry, hostFaults(entry.value));
  });

export type ModuleValue = z.output<typeof module>;

export const modulesSchema = z.record(z.string(), module).default({});
export type ModulesValue = z.output<typeof modulesSchema>;

/** The section `limits.modules`. */
export const moduleLimits = z
  .strictObject({
    deadlineMs: z.int().min(1).max(600_000).default(5000),
    maxBytes: z.int().min(1024).max(0x1fffffe8).default(4_194_304),
  })
  .prefault({});

/** Where a module is: a process, an address, or a file; and what else belongs to that. */
function hostFaults({
  command,
  args,
  env,
  cwd,
  url,
  headers,
  auth: login,
  module: path,
  isolate,
}: Whereabouts): readonly EntryFault[] {
  const places = Object.entries({ command, url, module: path }).filter(([, value]) => value !== undefined);
  const [first, second] = places.map(([key]) => key);
  if (first === undefined) return [{ path: [], message: "must have a `command`, a `url` or a `module`" }];
  if (second !== undefined)
    return [{ path: [second], message: `stands beside a \`${first}\`: a module is in one place` }];
  const others = { args, env, cwd, headers, auth: login, isolate: isolate ? undefined : isolate };
  const strangers = Object.entries(others).filter(([key, value]) => value !== undefined && BELONGS[key] !== first);
  const misplaced = strangers.map(([key]) => ({
    path: [key],
    message: `belongs to a \`${BELONGS[key] ?? ""}\`, and here is a \`${first}\``,
  }));
  return [...misplaced, ...(url === undefined ? [] : addressFaults(url, headers ?? {}))];
}

type Whereabouts = Pick<
  ModuleValue,
  "command" | "args" | "env" | "cwd" | "url" | "headers" | "auth" | "module" | "isolate"
>;

const BELONGS: Readonly<Record<string, string>> = {
  args: "command",
  env: "command",
  cwd: "command",
  headers: "url",
  auth: "url",
  isolate: "module",
};

const LOGINS = new Set(["authorization", "proxy-authorization", "cookie", "mcprules-signature", "mcprules-key"]);

function addressFaults(url: string, headers: Readonly<Record<string, string>>): readonly EntryFault[] {
  const wrong = serverFaults({ url });
  const isOpen = wrong.length === 0 && !isSafeUrl(url);
  return [
    ...wrong,
    ...(isOpen ? [{ path: ["url"], message: "must be `https`, or on this machine: messages go there" }] : []),
    ...headerFaults(headers, ["headers"]),
    ...Object.keys(headers)
      .filter((name) => LOGINS.has(name.toLowerCase()))
      .map((name) => ({ path: ["headers", name], message: "is a secret: write `auth`" })),
  ];
}
