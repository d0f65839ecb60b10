// What waits for approval, for people: each with the id to type, who wants it, how long there is, and the text to read.
import type { ApprovalSummary, Decided } from "../../io/control/approvals.ts";
import { type Paint, printable } from "../paint.ts";

/** `now`: milliseconds since 1970. */
export function renderApprovals(waiting: readonly ApprovalSummary[], now: number, paint: Paint): string {
  if (waiting.length === 0) return "Nothing waits for approval.\n";
  const blocks = waiting.map((approval) => block(approval, now, paint));
  return `${blocks.join("\n")}\n${paint.dim("`mcprules approve ID` lets it go on, `mcprules decline ID` refuses it.")}\n`;
}

export function renderDecided({ approval, approved }: Decided, paint: Paint): string {
  const word = approved ? paint.green("approved") : paint.red("declined");
  return `${word} ${approval.id}\n${indented(approval.text)}`;
}

function block(approval: ApprovalSummary, now: number, paint: Paint): string {
  const { id, profile, client, user, method, until, text } = approval;
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now) / 1000));
  const by = [user, client, profile === null ? null : `in profile ${profile}`];
  const head = [paint.bold(id), method, ...by.flatMap((part) => (part === null ? [] : [printable(part)]))];
  return `${head.join("  ")}  ${paint.yellow(`${seconds} s left`)}\n${indented(text)}`;
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "\n" : `  ${printable(line)}\n`))
    .join("");
}
