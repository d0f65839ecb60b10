// The HTTP headers of the modern era (2026-07-28, Streamable HTTP, Request Metadata): they say again what the body says, for who does not read it.
import type { NotificationEnvelope, RequestEnvelope } from "../envelope.ts";
import { headerValue, isPlainText, textOfHeader } from "./header-value.ts";
import { keyIs } from "../json-bytes/key-text.ts";
import type { Range } from "../json-bytes/range.ts";
import { QUOTE } from "../json-bytes/scan.ts";
import { rangeAt, textAt } from "../locate.ts";

/** By lower-case name. */
export type Headers = Readonly<Record<string, string>>;

type Call = RequestEnvelope | NotificationEnvelope;

const REVISION = "mcp-protocol-version";
const METHOD = "mcp-method";
const NAME = "mcp-name";

/** What `Mcp-Name` says again, below `params`; of tasks by their extension (SEP-2663). */
const NAME_FIELDS: ReadonlyMap<string, string> = new Map([
  ["tools/call", "name"],
  ["prompts/get", "name"],
  ["resources/read", "uri"],
  ["tasks/get", "taskId"],
  ["tasks/update", "taskId"],
  ["tasks/cancel", "taskId"],
]);

/** Which member of `params` `Mcp-Name` says again, if it does. */
export function nameField(method: string): string | undefined {
  return NAME_FIELDS.get(method);
}

/** What goes beside this very body. `params`: what `paramHeaders` made of the arguments of a tool. */
export function modernHeaders(call: Call, revision: string, params?: Headers): Headers {
  return headersOf(call.method, nameOf(call), revision, params);
}

/** The same, where it is known what the call is about. The same object for calls of late that say the same. */
export function headersOf(method: string, name: string | undefined, revision: string, params?: Headers): Headers {
  if (params !== undefined) return { ...params, ...newHeaders(method, name, revision) };
  const known = OF_LATE.get(method)?.get(name);
  if (known?.[REVISION] === revision) return known;
  const headers = newHeaders(method, name, revision);
  if (method.length + (name?.length ?? 0) <= LONGEST) keep(method, name, headers);
  return headers;
}

/** By method and name. */
const OF_LATE = new Map<string, Map<string | undefined, Headers>>();
let kept = 0;
const MOST_KEPT = 200;
/** In characters: what is longer is nobody's name, and made each time. */
const LONGEST = 300;

function keep(method: string, name: string | undefined, headers: Headers): void {
  if (kept >= MOST_KEPT) {
    OF_LATE.clear();
    kept = 0;
  }
  const named = OF_LATE.get(method) ?? new Map<string | undefined, Headers>();
  OF_LATE.set(method, named.set(name, headers));
  kept += 1;
}

function newHeaders(method: string, name: string | undefined, revision: string): Headers {
  return {
    [REVISION]: revision,
    [METHOD]: headerValue(method),
    ...(name === undefined ? {} : { [NAME]: headerValue(name) }),
  };
}

/** In which way the headers that came beside a request do not say what it says; `undefined`: they do. `revision`: that it names. */
export function headerFault(
  given: Readonly<Record<string, unknown>>,
  request: RequestEnvelope,
  revision: string,
): string | undefined {
  const { method } = request;
  return (
    faultOf("MCP-Protocol-Version", given[REVISION], revision) ??
    faultOf("Mcp-Method", given[METHOD], method) ??
    nameFault(given[NAME], request)
  );
}

/** A name that is missing in the body, or none, is for others to refuse. */
function nameFault(given: unknown, request: RequestEnvelope): string | undefined {
  const { bytes } = request;
  const range = rangeOfName(request);
  if (range === undefined || bytes[range.start] !== QUOTE) return undefined;
  // Mostly it is the same, letter by letter.
  if (typeof given === "string" && isPlainText(given) && keyIs(bytes, range.start + 1, range.end - 1, given))
    return undefined;
  const name = textAt(bytes, range);
  if (name === undefined) return undefined;
  const text = typeof given === "string" ? textOfHeader(given) : given;
  const isUnreadable = given !== undefined && text === undefined;
  return isUnreadable ? "`Mcp-Name` holds no text that a header may hold" : faultOf("Mcp-Name", text, name);
}

function faultOf(header: string, given: unknown, said: string): string | undefined {
  if (given === said) return undefined;
  const wanted = JSON.stringify(said);
  if (typeof given !== "string") return `\`${header}\` is missing, and the body says ${wanted}`;
  return `\`${header}\` says ${JSON.stringify(given)}, and the body ${wanted}`;
}

function nameOf(call: Call): string | undefined {
  return textAt(call.bytes, rangeOfName(call));
}

function rangeOfName({ bytes, method, params }: Call): Range | undefined {
  const field = NAME_FIELDS.get(method);
  return field === undefined || params === undefined ? undefined : rangeAt(bytes, params, [field]);
}
