// How humans are asked to approve what rules leave to them: the section `approvals` of the settings.
import * as z from "zod";
import { type AskingOptions, DEFAULT_ASKING } from "../../dispatch/gates/approval.ts";

const LATER =
  "names `url`, which is not served in this version: `elicitation` asks in the client, `queue` whoever runs the proxy";

const channels = z
  .array(z.string())
  .min(1)
  .refine((names) => !names.includes("url"), LATER)
  .pipe(z.array(z.enum(["elicitation", "queue"])));

const SECOND = 1000;
const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: 60 * SECOND, h: 3600 * SECOND };
const DURATION = /^(\d{1,5})([smh])$/;
const LEAST = 5 * SECOND;
const MOST = 24 * 3600 * SECOND;

export const approvalsSchema = z.strictObject({
  channels: channels.default([...DEFAULT_ASKING.channels]),
  within: z
    .string()
    .refine((text) => isPossible(millisecondsOf(text)), "must be a time from `5s` to `24h`, such as `2m`")
    .default(`${DEFAULT_ASKING.withinMs / SECOND}s`),
  maxPending: z.int().min(1).max(10_000).default(DEFAULT_ASKING.maxPending),
  baseUrl: z.undefined({ error: () => "is not served in this version: nobody is asked at a page" }).optional(),
});

export function askingOf({ within, maxPending, ...rest }: z.output<typeof approvalsSchema>): AskingOptions {
  return { channels: rest.channels, withinMs: millisecondsOf(within), maxPending };
}

/** `NaN`: it is no time. */
function millisecondsOf(text: string): number {
  const [, count, unit = ""] = DURATION.exec(text) ?? [];
  return Number(count) * (UNITS[unit] ?? Number.NaN);
}

function isPossible(milliseconds: number): boolean {
  return milliseconds >= LEAST && milliseconds <= MOST;
}
