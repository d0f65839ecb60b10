// Why an ES module could not be loaded, and in which line: of a syntax error, Node keeps that to itself.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** `path`: of the module that was to be loaded; what it imports may be what fails. */
export async function sayLoadFailure(thrown: unknown, path: string): Promise<string> {
  if (!(thrown instanceof Error)) return `its file cannot be loaded: it throws ${String(thrown)} (${path})`;
  const isSyntax = thrown.name === "SyntaxError";
  const found = placeIn(thrown.stack ?? "") ?? (isSyntax ? await placeOfSyntax(path) : undefined);
  const isTold = found === undefined && thrown.message.includes(path);
  return `its file cannot be loaded: ${thrown.message}${isTold ? "" : ` (${found ?? path})`}`;
}

/** `file:///m.mjs?stamp=1:3:7` of a frame, `file:///m.mjs:3` above a piece of the text. */
const PLACE = /(file:\/\/[^\s?)]+?)(?:\?stamp=[\da-f]+)?:(\d+)(?::\d+)?(?=[\s)]|$)/m;

/** What called Node's loader is ours. */
function placeIn(stack: string): string | undefined {
  const [above = ""] = stack.split(/^.*node:internal\/modules/m);
  const [, url, line] = PLACE.exec(above) ?? [];
  return url === undefined || line === undefined ? undefined : `${fileURLToPath(url)}:${line}`;
}

const CHECK_MS = 5000;

async function placeOfSyntax(path: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(process.execPath, ["--check", path], { timeout: CHECK_MS });
    return undefined;
  } catch (error) {
    const told = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    const [place = ""] = told.split("\n");
    return place.startsWith(`${path}:`) ? place : placeIn(place);
  }
}
