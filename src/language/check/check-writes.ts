// Writes to what identifies a message: refused, whoever asks for them.
import { parsePath, type Step } from "../../expression/path.ts";
import { LISTS } from "../../mcp/lists.ts";
import type { Written } from "../tree/ast-values.ts";
import { isReplyPhase, type Reached } from "../reach.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

export type Write = "set" | "add" | "rewrite" | "remove" | "redact";

export function checkWrite(path: Written, write: Write, reached: readonly Reached[], scope: Scope): void {
  const { steps, absolute } = parsePath(path.text);
  const root = keyOf(steps[0]);
  if (absolute && BESIDE.has(root)) {
    return scope.report(
      error(
        "MR506",
        path.span,
        `\`${root}\` is no part of the message`,
        "only `params`, `result` and `error` can be written",
      ),
    );
  }
  for (const one of reached) {
    const refused = refusalOf(absolute ? steps.map(nameOf) : [...homeOf(one), ...steps.map(nameOf)], write, one);
    if (refused === undefined) continue;
    return scope.report(error("MR506", path.span, `\`${path.text}\` ${refused.why}`, refused.help));
  }
}

const BESIDE: ReadonlySet<string> = new Set(["request", "server", "client", "user", "tags"]);

interface Refusal {
  readonly why: string;
  readonly help?: string;
}

const IDENTIFIES: Refusal = { why: "identifies the message: no rule changes it" };

/** Keys from the message on; `*` stands for an index or every entry. */
function refusalOf(keys: readonly string[], write: Write, reached: Reached): Refusal | undefined {
  if (reached.kind === "thing") return refusalOnThing(keys, reached);
  const [part, ...rest] = keys;
  if (part === undefined || rest.length === 0) return refusalOfWhole(part, write, reached);
  if (isReserved(rest)) return { why: "is reserved by MCP: no rule changes it" };
  if (part === "params") return refusalInParams(rest, reached);
  return part === "result" ? refusalInResult(rest, write, reached) : undefined;
}

/** Whoever writes all of `params` writes the name that stands in it. A `redact` changes texts where they stand. */
function refusalOfWhole(
  part: string | undefined,
  write: Write,
  reached: Exclude<Reached, { kind: "thing" }>,
): Refusal | undefined {
  if (write === "remove") return IDENTIFIES;
  const isNamed = reached.kind === "message" && reached.phase === "request" && reached.method.carries.length > 0;
  if (part !== "params" || write === "redact" || !isNamed) return undefined;
  const inner =
    reached.method.body.length > 1 ? "`params.arguments`, or one argument by its name" : "a field in it by its name";
  return { why: "holds what identifies the message: no rule changes it", help: `write ${inner}` };
}

/** The whole of `_meta` holds reserved keys as well. */
function isReserved(keys: readonly string[]): boolean {
  const [first, second] = keys;
  return (
    first === "_meta" &&
    (second === undefined || second === "progressToken" || second.startsWith("io.modelcontextprotocol/"))
  );
}

const IN_PARAMS: ReadonlySet<string> = new Set([
  "cursor",
  "taskId",
  "task",
  "requestState",
  "inputResponses",
  "requestId",
  "progressToken",
  "elicitationId",
  "ref",
]);
const IN_RESULT: ReadonlySet<string> = new Set(["nextCursor", "resultType", "requestState", "taskId", "task"]);

function refusalInParams(rest: readonly string[], reached: Exclude<Reached, { kind: "thing" }>): Refusal | undefined {
  const [first = ""] = rest;
  if (IN_PARAMS.has(first)) return IDENTIFIES;
  const carried = reached.kind === "message" ? reached.method.carries.map(({ at }) => at[0]) : ["name", "uri"];
  if (!carried.includes(first)) return undefined;
  return { ...IDENTIFIES, help: "names change with `rename`" };
}

function refusalInResult(
  rest: readonly string[],
  write: Write,
  reached: Exclude<Reached, { kind: "thing" }>,
): Refusal | undefined {
  const [first = "", second, third] = rest;
  if (IN_RESULT.has(first) || (first === "inputRequests" && second === undefined)) return IDENTIFIES;
  const list = reached.kind === "message" ? LISTS.find(({ method }) => method === reached.method.method) : undefined;
  if (list === undefined || first !== list.member) return undefined;
  if (second === undefined && (write === "add" || write === "set"))
    return { why: "is a list of the server's: entries may be changed and dropped, never added" };
  if (second === "*" && third === list.identity) return { ...IDENTIFIES, help: "names change with `rename`" };
  return undefined;
}

function refusalOnThing([first]: readonly string[], { thing }: Reached & { kind: "thing" }): Refusal | undefined {
  const identity = thing === "resource" ? ["uri", "uriTemplate"] : ["name"];
  if (!identity.includes(first ?? "")) return undefined;
  return {
    why: `is what identifies the ${thing}`,
    ...(thing === "resource" ? {} : { help: "names change with `rename to`" }),
  };
}

function homeOf(reached: Reached): readonly string[] {
  if (reached.kind === "thing") return [];
  if (isReplyPhase(reached.phase)) return [reached.phase === "error" ? "error" : "result"];
  return reached.kind === "message" ? reached.method.body : ["params"];
}

function nameOf(step: Step): string {
  return step.kind === "member" ? step.key : "*";
}

function keyOf(step: Step | undefined): string {
  return step?.kind === "member" ? step.key : "";
}
