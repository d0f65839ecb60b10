// Numbers, durations and percentages, and what others write for them: `1_000`, `1,000`, `5min`, `1M`.
import { misread, type Reading } from "./reading.ts";
import { isExact } from "./scan-json.ts";

/** `run` begins like a number. `undefined`: it is none, nor meant to be one. */
export function scanNumber(text: string, run: string, start: number, end: number): Reading | undefined {
  const grouped = endOfGroups(text, start);
  if (grouped > end) return notANumber(text.slice(start, grouped), start, grouped);
  if (!NUMBER.test(run)) return isMeantAsNumber(run) ? notANumber(run, start, end) : undefined;
  if (isExact(run) || /[a-z%]$/.test(run)) return { end, payload: { kind: "bare" } };
  return misread(end, {
    code: "MR111",
    start,
    end,
    message: `\`${run}\` is too large to be kept exactly`,
    help: "integers beyond 2^53 cannot be compared; match them as text with a regular expression",
  });
}

const NUMBER =
  /^(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:ms|s|m|h|d|%))$/;

/** `1,000,000`: no comma of the language stands between numbers. */
const GROUPS = /(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9A-Za-z_,%]))?/y;
const SCORED = /^-?[0-9]+(?:_[0-9]+)+$/;
const WORDED = /^([0-9]+(?:\.[0-9]+)?)(ms|s|sec|second|m|min|minute|h|hr|hour|d|day)s?$/i;

function endOfGroups(text: string, start: number): number {
  GROUPS.lastIndex = text[start] === "-" ? start + 1 : start;
  return GROUPS.test(text) ? GROUPS.lastIndex : start;
}

function isMeantAsNumber(run: string): boolean {
  return /^-?[0-9]+(?:\.[0-9]*)?[a-z%]*$/.test(run) || SCORED.test(run) || /^[0-9]+K$/.test(run) || WORDED.test(run);
}

function notANumber(run: string, start: number, end: number): Reading {
  const message = `\`${run}\` is neither a number, a duration nor a percentage`;
  return misread(end, { code: "MR108", start, end, message, help: helpFor(run) });
}

function helpFor(run: string): string {
  const digits = run.replace(/[_,]/g, "");
  if (digits !== run) return `the digits of a number stand together: \`${digits}\`; a text is quoted: "${run}"`;
  const thousands = /^([0-9]+)k$/i.exec(run)?.[1];
  if (thousands !== undefined) return `a number is written in full: \`${thousands}000\`; a text is quoted: "${run}"`;
  const [, count, unit = ""] = WORDED.exec(run) ?? [];
  const short = unit.toLowerCase() === "ms" ? "ms" : unit.charAt(0).toLowerCase();
  if (count !== undefined) return `a duration is written \`${count}${short}\`; a text is quoted: "${run}"`;
  return /[a-z%]$/.test(run)
    ? `durations end in \`ms\`, \`s\`, \`m\`, \`h\` or \`d\`, percentages in \`%\`; a name is quoted: "${run}"`
    : `numbers are written as in JSON; a text is quoted: "${run}"`;
}
