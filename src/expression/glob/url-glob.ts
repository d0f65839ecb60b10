// Globs of URLs, matched part by part: scheme, host, port, path and query each for themselves.
import { pathTokens, plainTest, plainTokens } from "./glob.ts";
import { pathTest } from "./path-glob-test.ts";
import { fold } from "./path-glob.ts";
import { decodingsOf, hasControls, withoutControls } from "./spellings.ts";
import { agreed, every, type Truth } from "../truth.ts";

const URL_GLOB = /^([A-Za-z*][A-Za-z0-9+.*-]*):\/\//;

/** Whether a glob is matched as a URL. `file:` URLs are paths. */
export function isUrlGlob(glob: string): boolean {
  const scheme = URL_GLOB.exec(glob)?.[1];
  return scheme !== undefined && scheme.toLowerCase() !== "file";
}

/** A URL taken apart as written; what is missing is `undefined`. */
interface UrlParts {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly port: string | undefined;
  /** Begins with `/`, or is empty. */
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

export function urlGlob(glob: string): (value: string) => Truth {
  const parts = partsOf(glob);
  if (!parts) return () => "no";
  const question = questionOf(parts);
  return (value) => matches(value, parts.scheme, question);
}

type UrlQuestion = (parts: UrlParts) => Truth;

function matches(value: string, scheme: string, question: UrlQuestion): Truth {
  const trimmed = value.trim();
  if (hasControls(trimmed) || trimmed.length !== value.length) {
    return matches(withoutControls(trimmed), scheme, question) === "no" ? "no" : "doubt";
  }
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(value)) return agreed(readingsOf(value).map((parts) => ask(parts, question)));
  // Without its scheme it may still be completed by whoever gets it.
  const completed = `${/^[a-z][a-z0-9+.-]*$/i.test(scheme) ? scheme : "https"}://${value.replace(/^[/\\]+/, "")}`;
  return readingsOf(completed).some((parts) => ask(parts, question) !== "no") ? "doubt" : "no";
}

function ask(parts: UrlParts | undefined, question: UrlQuestion): Truth {
  return parts ? question(parts) : "no";
}

/** As the RFC reads it, with `\` for `/`, and as browsers and Node do. */
function readingsOf(value: string): readonly (UrlParts | undefined)[] {
  const asWritten = partsOf(value);
  const slashed = value.includes("\\") ? [partsOf(value.replaceAll("\\", "/"))] : [];
  const parsed = URL.canParse(value) ? partsOf(new URL(value).href) : undefined;
  // Node has silently undone `..` and the like; unless it found other parts, the path is judged as it was written.
  const isAlike = asWritten && parsed && simpleHost(asWritten.host) === simpleHost(parsed.host);
  const normal = parsed && (isAlike ? { ...parsed, path: asWritten.path } : parsed);
  const host = parsed && hostOfVersion4(parsed.host);
  return [
    asWritten,
    ...slashed,
    ...(normal ? [normal] : []),
    ...(normal && host !== undefined ? [{ ...normal, host }] : []),
  ];
}

/** `127.0.0.1` in the clothes of IPv6, as Node writes them (RFC 4291, section 2.5.5.2). */
function hostOfVersion4(host: string): string | undefined {
  const [, high, low] = /^\[::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})\]$/.exec(host) ?? [];
  if (high === undefined || low === undefined) return undefined;
  return [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 0xff]).join(".");
}

function partsOf(url: string): UrlParts | undefined {
  const match = /^([^:/?#]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url);
  if (!match) return undefined;
  const [, scheme = "", authority = "", path = "", query, fragment] = match;
  const at = authority.lastIndexOf("@");
  const user = at < 0 ? undefined : authority.slice(0, at);
  const [, host = "", port] = /^(\[[^\]]*\]|.*?)(?::([0-9*]*))?$/s.exec(authority.slice(at + 1)) ?? [];
  return { scheme, user, host, port: port === "" ? undefined : port, path, query, fragment };
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443", ws: "80", wss: "443", ftp: "21" };

function questionOf(glob: UrlParts): UrlQuestion {
  const scheme = plainTest(plainTokens(glob.scheme.toLowerCase()));
  const host = hostTest(glob.host);
  const path = pathQuestion(glob.path === "" ? "/" : glob.path);
  const query = glob.query === undefined ? undefined : plainTest(plainTokens(glob.query));
  const isOpenEnded = glob.path.endsWith("**");
  return (url) => {
    if (!scheme(url.scheme.toLowerCase()) || !host(url.host)) return "no";
    const inPath = path(url.path === "" ? "/" : url.path);
    return every([inPath, userTruth(glob, url), portTruth(glob, url), queryTruth(query, isOpenEnded, url)]);
  };
}

/** Hosts know no case, and a dot at the end changes nothing. */
function hostTest(glob: string): (host: string) => boolean {
  const test = plainTest(plainTokens(simpleHost(glob)));
  return (host) => !/[/?#@:\\]/.test(host.replace(/^\[[0-9a-f:.]*\]$/i, "")) && test(simpleHost(host));
}

function simpleHost(host: string): string {
  return fold(host).replace(/\.$/, "");
}

/** Somebody's name before the host is how one host is made to look like another. */
function userTruth(glob: UrlParts, url: UrlParts): Truth {
  if (glob.user !== undefined) return plainTest(plainTokens(glob.user))(url.user ?? "") ? "yes" : "no";
  return url.user === undefined ? "yes" : "doubt";
}

function portTruth(glob: UrlParts, url: UrlParts): Truth {
  const implied = DEFAULT_PORTS[url.scheme.toLowerCase()];
  const port = url.port ?? implied ?? "";
  if (glob.port !== undefined) return plainTest(plainTokens(glob.port))(port) ? "yes" : "no";
  return url.port === undefined || url.port === implied ? "yes" : "doubt";
}

/** A glob that says nothing of the query means the page, with `/**` whatever is asked of it; else a query leaves it open. */
function queryTruth(query: ((text: string) => boolean) | undefined, isOpenEnded: boolean, url: UrlParts): Truth {
  if (query) return query(url.query ?? "") ? "yes" : "no";
  return isOpenEnded || (url.query === undefined && url.fragment === undefined) ? "yes" : "doubt";
}

/** Encoded and decoded, with its case and without, with `\` for `/`. */
function pathQuestion(glob: string): (path: string) => Truth {
  const globPath = simplePath(decodingsOf(glob)?.at(-1) ?? glob) ?? glob;
  const tests = [pathTest(pathTokens(globPath)), pathTest(pathTokens(fold(globPath)))];
  return (path) => {
    const decodings = decodingsOf(path);
    if (!decodings || decodings.some(hasControls)) return "doubt";
    const readings = decodings.flatMap((text) => [text, text.replaceAll("\\", "/")]).map(simplePath);
    return agreed(
      readings.flatMap((reading) =>
        reading === undefined
          ? ["doubt" as const]
          : tests.map((test, index) => truthOf(test(index === 0 ? reading : fold(reading)))),
      ),
    );
  };
}

/** Without dot segments and empty ones; `undefined`: above the top. */
function simplePath(path: string): string | undefined {
  const kept: string[] = [];
  for (const segment of path.normalize("NFC").split("/")) {
    if (segment === "..") {
      if (kept.pop() === undefined) return undefined;
    } else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  return `/${kept.join("/")}`;
}

function truthOf(holds: boolean): Truth {
  return holds ? "yes" : "no";
}
