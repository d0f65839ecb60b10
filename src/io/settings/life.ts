// How a server comes and goes, as the settings say it: started when, started again after how long, given up after how long.
import * as z from "zod";
import { DEFAULT_LIFE, type ServerLife } from "../../dispatch/life/life-options.ts";

/** The longest that Node's timers take. */
const LONGEST_MS = 0x7fffffff;

const milliseconds = z.int().min(1).max(LONGEST_MS);

const { restart, timeout } = DEFAULT_LIFE;

/** The fields of `servers.NAME` that say so. */
export const lifeFields = {
  start: z.enum(["eager", "lazy"]).default(DEFAULT_LIFE.start),
  share: z.boolean().default(DEFAULT_LIFE.share),
  timeoutMs: z
    .union([milliseconds, z.record(z.string(), milliseconds)], {
      error: () => 'must be milliseconds, or milliseconds by method: `{"default": 300000, "tools/call": 60000}`',
    })
    .default(timeout.otherwiseMs),
  restart: z
    .strictObject({
      minMs: milliseconds.default(restart.minMs),
      maxMs: milliseconds.default(restart.maxMs),
    })
    .check(({ value, issues }) => {
      if (value.minMs <= value.maxMs) return;
      issues.push({ code: "custom", path: ["minMs"], message: "is more than `maxMs`", input: value });
    })
    .prefault({}),
};

type LifeValue = z.output<z.ZodObject<typeof lifeFields>>;

export function lifeOf(value: LifeValue | undefined): ServerLife {
  if (value === undefined) return DEFAULT_LIFE;
  const { start, share } = value;
  return { start, share, restart: value.restart, timeout: timeoutOf(value.timeoutMs) };
}

/** `default` is no method of MCP. */
function timeoutOf(value: LifeValue["timeoutMs"]): ServerLife["timeout"] {
  if (typeof value === "number") return { ...timeout, otherwiseMs: value };
  const { default: otherwiseMs = timeout.otherwiseMs, ...byMethod } = value;
  return { otherwiseMs, byMethod: new Map(Object.entries(byMethod)) };
}
