// What may stand in the sections `log`, `metrics` and `traces` of the settings, field by field.
import * as z from "zod";
import { type EntryFault, refuse } from "../settings/entry-faults.ts";
import { hostField } from "../settings/host-field.ts";
import { headerFaults } from "../settings/server-faults.ts";
import { destinationOf, STDOUT_IS_TAKEN } from "./destination.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error"] as const;
const VERDICTS = ["allow", "block", "ask", "answer", "drop"] as const;
const FORMS = ["decisions", "messages", "reports"] as const;

/** One, or a list of them. `words`: what one of them is. */
function oneOrMore<Item extends z.ZodType>(item: Item, words: string) {
  return z.union([item, z.array(item).min(1)], { error: () => `must be ${words}, or a list of them` });
}

const globs = oneOrMore(z.string().min(1), "a glob such as `files*`").optional();

const filter = z.strictObject({
  method: globs,
  server: globs,
  name: globs,
  from: z.enum(["client", "server"]).optional(),
  verdict: oneOrMore(z.enum(VERDICTS), "`allow`, `block`, `ask`, `answer` or `drop`").optional(),
});

const rotate = z
  .strictObject({
    bytes: z.int().min(4096).optional(),
    every: z.enum(["day", "hour"]).optional(),
    keep: z.int().min(1).max(100_000).default(10),
  })
  .refine(({ bytes, every }) => bytes !== undefined || every !== undefined, "needs `bytes`, `every` or both");

const headersSchema = z.record(z.string(), z.string()).check((headers) => {
  refuse(headers, headerFaults(headers.value, []));
});

const sink = z
  .strictObject({
    to: z.string().min(1),
    level: z.enum(LEVELS).default("trace"),
    form: oneOrMore(z.enum(FORMS), "`decisions`, `messages` or `reports`").default("decisions"),
    filter: filter.default({}),
    messageBytes: z
      .int()
      .min(0)
      .max(0x4000000)
      .default(64 * 1024),
    rotate: rotate.optional(),
    headers: headersSchema.optional(),
    facility: z.int().min(0).max(23).optional(),
  })
  .check((entry) => {
    refuse(entry, sinkFaults(entry.value));
  });

export type SinkValue = z.output<typeof sink>;

const NOT_STDOUT = /^(?!stdout$)/;

export const logSchema = z.strictObject({
  level: z.enum(LEVELS).default("info"),
  to: z
    .string({ error: () => "must be `stderr` or the path of a file" })
    .min(1)
    .regex(/^(?![a-z][a-z+.-]+:\/\/)/i, "must be `stderr` or the path of a file; anything else is a sink: `log.sinks`")
    .regex(NOT_STDOUT, STDOUT_IS_TAKEN)
    .default("stderr"),
  sinks: z.record(z.string(), sink).default({}),
});

export const metricsSchema = z.strictObject({
  host: hostField.default("127.0.0.1"),
  port: z.int().min(0).max(65_535).default(9464),
  path: z
    .string()
    .regex(/^(\/[\w.~-]+)+$/, "must be a path such as `/metrics`")
    .default("/metrics"),
  anyone: z.boolean().default(false),
});

export const tracesSchema = z.strictObject({
  url: z.string().regex(/^https?:\/\/[^\s@]+$/, "must be an address such as `http://127.0.0.1:4318/v1/traces`"),
  headers: headersSchema.default({}),
  service: z.string().min(1).default("mcprules"),
});

function sinkFaults({ to, rotate: rotation, headers, facility }: SinkValue): readonly EntryFault[] {
  const place = destinationOf(to);
  if (place.kind === "unknown") return [{ path: ["to"], message: place.message }];
  const belongs = (field: string, kind: string, value: unknown): readonly EntryFault[] =>
    value === undefined || place.kind === kind
      ? []
      : [{ path: [field], message: `belongs to a sink that is ${WORDS[kind]}` }];
  return [
    ...belongs("rotate", "file", rotation),
    ...belongs("headers", "http", headers),
    ...belongs("facility", "syslog", facility),
  ];
}

const WORDS: Readonly<Record<string, string>> = { file: "a file", http: "an HTTP address", syslog: "syslog" };
