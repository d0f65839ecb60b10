// Where the sockets of running proxies lie: a folder that only this user can look into, or nothing.
import { chmodSync, lstatSync, mkdirSync, readdirSync } from "node:fs";
import { isAbsolute, join } from "node:path";

/**
 * `$XDG_RUNTIME_DIR/mcprules`. Hosts start a proxy without that variable and without `TMPDIR`, and its user's shell has both:
 * so what stands in for them is where each of the two looks by itself, `/run/user/UID` or, where that is missing, `/tmp`.
 * `undefined`: the system knows neither users nor sockets in folders (Windows).
 */
export function controlFolder(
  environment: Readonly<Record<string, string | undefined>>,
  runtimes = "/run/user",
): string | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  const { XDG_RUNTIME_DIR: named = "" } = environment;
  const runtime = isAbsolute(named) ? named : join(runtimes, String(uid));
  return runtime === named || faultOf(runtime) === undefined ? join(runtime, "mcprules") : `/tmp/mcprules-${uid}`;
}

/** Makes it where it is missing. Throws when it is not this user's alone: somebody else may have put it there. */
export function makeControlFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fault = faultOf(folder);
  if (fault !== undefined) throw new Error(`\`${folder}\` ${fault}`);
  chmodSync(folder, 0o700);
}

/** The sockets in it, none where it is missing. Throws as above: what lies there may lie. */
export function socketsIn(folder: string): readonly string[] {
  const fault = faultOf(folder);
  if (fault === MISSING) return [];
  if (fault !== undefined) throw new Error(`\`${folder}\` ${fault}`);
  return readdirSync(folder)
    .filter((name) => name.endsWith(SOCKET))
    .map((name) => join(folder, name));
}

export const SOCKET = ".sock";

const MISSING = "is not there";

/** A link is looked at, and not followed: it could lead to a folder of this user's that holds something else. */
function faultOf(folder: string): string | undefined {
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (found === undefined) return MISSING;
  if (!found.isDirectory()) return "is no folder";
  const uid = process.getuid?.();
  if (uid !== undefined && found.uid !== uid) return "belongs to somebody else";
  return (found.mode & 0o022) === 0 ? undefined : "can be written to by others";
}
