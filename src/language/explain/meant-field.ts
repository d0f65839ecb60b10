// What an author may have meant who wrote a field that is not there: another spelling, another message, another root.
import { parsePath } from "../../expression/path.ts";
import { fieldsOf, fieldsOfThing } from "../../mcp/fields.ts";
import { LISTS } from "../../mcp/lists.ts";
import { nearest } from "../../source/nearest.ts";
import { fieldsAtPath } from "../check/known-fields.ts";
import { missingIn, type Missing } from "../check/missing-fields.ts";
import { isReplyPhase, type Reached, startsInArguments } from "../reach.ts";
import { helpForList, throughLists } from "./through-lists.ts";

/** `path`: as it was written; `missing`: of that, in `about`. */
export function helpForField(path: string, about: Reached, missing: Missing): string | undefined {
  const key = /[^.[\]"]+$/.exec(missing.field.replace(/[\]"]+$/, ""))?.[0] ?? missing.field;
  const close = nearest(key, missing.known);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  const entered = throughLists(path, (way) => fieldsAtPath(about, parsePath(way), [])?.kind === "list");
  if (entered !== undefined && missingIn(about, parsePath(entered)) === undefined) return helpForList(entered);
  if (about.kind === "thing") return helpForThing(about, missing, key);
  if (about.kind === "message" && about.phase === "request") {
    const { method } = about.method;
    if (isInResult(path, method)) return `did you mean \`result of ${method}\`?${alsoOnThing(path, method)}`;
    const carrier = CARRIERS[about.method.method];
    if (carrier !== undefined) return `did you mean \`${carrier}\`?`;
    if (/^(?:result|error)\b/.test(path))
      return `did you mean \`${path.startsWith("result") ? "result" : "error"} of ${about.method.method}\`?`;
  }
  if (missing.field === "request")
    return "only beside a reply there is the `request` that was sent; here it is `params`";
  if (startsInArguments(about) && /^params\.[A-Za-z_]/.test(path)) {
    const inner = path.slice("params.".length);
    return `write \`${inner}\`, or \`params.arguments.${inner}\`: paths start in the arguments`;
  }
  if (about.kind === "message" && isReplyPhase(about.phase) && /^params\b/.test(path))
    return `what was asked is \`request.${path}\` beside a reply`;
  return missing.known.length === 0 ? undefined : `it has ${missing.known.map((known) => `\`${known}\``).join(", ")}`;
}

/** What a list request lacks, its result has. */
function isInResult(path: string, method: string): boolean {
  const { steps, absolute } = parsePath(path);
  const [first] = steps;
  return !absolute && first?.kind === "member" && fieldsOf(method, "result")?.members?.has(first.key) === true;
}

function alsoOnThing(path: string, method: string): string {
  const list = LISTS.find((one) => one.method === method);
  const field = /^[a-zA-Z]+\[[^\]]*\]\.(.+)$/.exec(path)?.[1];
  return list === undefined || field === undefined || list.kind === "template"
    ? ""
    : ` Or \`when ${list.kind} *\` with \`${field}\`, which is each of them`;
}

/** The request that carries what its neighbour does not. */
const CARRIERS: Readonly<Record<string, string>> = {
  "tools/list": "tools/call *",
  "prompts/list": "prompts/get *",
  "resources/list": "resources/read *",
  "resources/templates/list": "resources/read *",
};

function helpForThing(about: Reached & { kind: "thing" }, { field }: Missing, key: string): string {
  const hint = about.thing === "tool" ? hintMeant(key) : undefined;
  if (hint !== undefined) return `did you mean \`annotations.${hint}\`?`;
  const call = CALLS[about.thing];
  if (field === about.thing) return `did you mean \`${about.thing === "resource" ? "uri" : "name"}\`?`;
  const [outer = ""] = field.split(/[.[]/);
  if (fieldsOf(call, "result")?.members?.has(outer) === true && fieldsOfThing(about.thing).members?.has(outer) !== true)
    return `did you mean \`result of ${call} …\`? \`${about.thing} …\` looks at the definition`;
  if (field === "result" || field === "error") return `did you mean \`${field} of ${call} …\`?`;
  if (field === "request" || field === "tags")
    return `a definition belongs to no one message; judge \`${call} …\` instead`;
  return `did you mean \`${call} …\`? \`${about.thing} …\` looks at the definition, \`${call} …\` at what is asked for`;
}

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

/** `readOnly`, `destructive_hint`, `openWorld` … */
function hintMeant(key: string): string | undefined {
  const plain = key.replace(/[_-]/g, "").toLowerCase();
  return (
    HINTS.find((hint) => hint.toLowerCase() === plain || hint.toLowerCase() === `${plain}hint`) ?? nearest(key, HINTS)
  );
}

const CALLS = { tool: "tools/call", prompt: "prompts/get", resource: "resources/read" } as const;
