// One proxy at a time renews a login: an issuer may take a refresh token that is used twice for a stolen one, and end the login.
import { rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { codeOf } from "../../thrown.ts";

/** How long somebody else may take, how old a lock is whose holder has died, and how often it is looked at, in milliseconds. */
const PATIENCE_MS = 20_000;
const STALE_MS = 20_000;
const LOOK_MS = 50;

/** Runs `action` while no other proxy does so for the same file. Where locks cannot be made, there are none. */
export async function alone<T>(file: string, action: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  let isOurs = take(lock);
  for (const last = Date.now() + PATIENCE_MS; !isOurs && Date.now() < last; isOurs = take(lock)) await delay(LOOK_MS);
  try {
    return await action();
  } finally {
    if (isOurs) rmSync(lock, { force: true });
  }
}

/** True: it is ours now, or cannot be anybody's. */
function take(lock: string): boolean {
  try {
    writeFileSync(lock, "", { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    const isHeld = codeOf(error) === "EEXIST";
    if (isHeld && isStale(lock)) rmSync(lock, { force: true });
    return !isHeld;
  }
}

function isStale(lock: string): boolean {
  const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return age > STALE_MS;
}
