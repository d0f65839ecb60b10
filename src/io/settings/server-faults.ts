// What is wrong with one server's entry in the settings as a whole: started or connected to, and with which headers.
import type { EntryFault } from "./entry-faults.ts";

interface Entry {
  readonly type?: "stdio" | "http" | "sse" | undefined;
  readonly command?: string | undefined;
  readonly args?: unknown;
  readonly env?: unknown;
  readonly cwd?: unknown;
  readonly url?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export function serverFaults(entry: Entry): readonly EntryFault[] {
  const { type, command, url } = entry;
  if (command !== undefined && url !== undefined) {
    return [fault("url", "stands beside a `command`: a server is started or connected to, not both")];
  }
  if (command !== undefined) return processFaults(entry);
  if (url !== undefined) return httpFaults(entry, url);
  return [type === "http" || type === "sse" ? fault("url", "is missing") : fault("command", "is missing")];
}

function processFaults({ type, headers }: Entry): readonly EntryFault[] {
  return [
    ...(type === "http" || type === "sse" ? [fault("type", "wants a `url`, and here is a `command`")] : []),
    ...(headers === undefined ? [] : [fault("headers", "belongs to a `url`; a server that is started takes `env`")]),
  ];
}

function httpFaults(entry: Entry, url: string): readonly EntryFault[] {
  const ofProcesses = (["args", "env", "cwd"] as const).filter((field) => entry[field] !== undefined);
  return [
    ...(entry.type === "stdio" ? [fault("type", "wants a `command`, and here is a `url`")] : []),
    ...ofProcesses.map((field) => fault(field, "belongs to a `command`, and here is a `url`")),
    ...urlFaults(url),
    ...headerFaults(entry.headers ?? {}, ["headers"]),
  ];
}

function urlFaults(written: string): readonly EntryFault[] {
  if (!URL.canParse(written)) return [fault("url", "is no URL such as `https://example.com/mcp`")];
  const url = new URL(written);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return [fault("url", "must begin with `https://` or `http://`")];
  }
  if (url.username !== "" || url.password !== "") {
    return [fault("url", "holds a name or password, and URLs are printed: write it into `headers`")];
  }
  return url.hash === "" ? [] : [fault("url", "has a part after `#`, which is never sent")];
}

/** What the connection says itself. */
const OURS = new Set(
  `accept accept-encoding connection content-encoding content-length content-type expect host keep-alive last-event-id
   mcp-method mcp-name mcp-protocol-version mcp-session-id proxy-connection te trailer transfer-encoding upgrade`.split(
    /\s+/,
  ),
);

/** Names and values of RFC 9110, 5.1 and 5.5. */
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Headers that the settings have sent. `at`: where they stand. */
export function headerFaults(headers: Readonly<Record<string, string>>, at: readonly string[]): readonly EntryFault[] {
  return Object.entries(headers).flatMap(([name, value]) => oneHeaderFaults(name, value, [...at, name]));
}

function oneHeaderFaults(name: string, value: string, path: readonly string[]): readonly EntryFault[] {
  if (!HEADER_NAME.test(name)) return [{ path, message: "cannot be the name of a header" }];
  if (OURS.has(name.toLowerCase()) || /^mcp-param-/i.test(name))
    return [{ path, message: "is a header that the proxy sets itself" }];
  if (/^\s*(?:bearer|basic|token)\s*$/i.test(value))
    return [{ path, message: "has nothing after the scheme: is the variable empty?" }];
  if (HEADER_VALUE.test(value)) return [];
  return [{ path, message: "has a value that no header can have: a line end, or a character beyond Latin-1" }];
}

function fault(field: string, message: string): EntryFault {
  return { path: [field], message };
}
