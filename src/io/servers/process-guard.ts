// Sees to it that no server outlives the proxy, however the proxy ends: a small shell that waits for the end of our pipe.
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { Socket } from "node:net";

/**
 * Reads `+ GROUP` and `- GROUP`, one a line. When the proxy is gone, by whatever means (a kill -9 and an abort run no
 * handler of ours), its end of the pipe closes, and what is left of the groups is ended: asked first, killed 3 s later.
 */
const GUARD = `
groups=
while read -r sign group; do
  if [ "$sign" = + ]; then groups="$groups $group"; continue; fi
  rest=
  for one in $groups; do [ "$one" = "$group" ] || rest="$rest $one"; done
  groups=$rest
done
for one in $groups; do kill -s TERM -- "-$one"; done
[ -n "$groups" ] && sleep 3
for one in $groups; do kill -s KILL -- "-$one"; done
`;

/** Process groups of servers that run, by the process id of their leader. */
const guarded = new Set<number>();
let guard: ChildProcess | undefined;

export function guardGroup(group: number): void {
  if (guarded.size === 0) process.on("exit", killGuarded);
  guarded.add(group);
  tellGuard(`+ ${group}\n`);
}

/** Call it once nobody is left in the group: its number may then belong to someone else. */
export function releaseGroup(group: number): void {
  guarded.delete(group);
  tellGuard(`- ${group}\n`);
  if (guarded.size === 0) process.off("exit", killGuarded);
}

/** Whether somebody in the group still runs. */
export function isInhabited(group: number): boolean {
  return signalGroup(group, 0) && (process.platform !== "linux" || hasLivingMember(group));
}

/** False when nobody is left in the group. Signal 0 only asks. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(process.platform === "win32" ? group : -group, signal);
  } catch {
    return false;
  }
}

/** The dead count too until their parent has taken notice, and process 1, which inherits orphans, may be slow (proc(5)). */
function hasLivingMember(group: number): boolean {
  return readdirSync("/proc").some((name) => {
    const [state, , member] = /^\d+$/.test(name) ? processState(name) : [];
    return member === String(group) && state !== "Z" && state !== "X";
  });
}

/** State, parent, group, …: what follows the name in parentheses, which may hold anything. */
function processState(id: string): readonly string[] {
  try {
    const text = readFileSync(`/proc/${id}/stat`, "latin1");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return [];
  }
}

function killGuarded(): void {
  for (const group of guarded) signalGroup(group, "SIGKILL");
}

function tellGuard(line: string): void {
  if (process.platform === "win32") return;
  guard ??= startGuard();
  guard.stdin?.write(line);
}

/** In a session of its own, so that what ends the proxy's terminal does not end the guard with it. */
function startGuard(): ChildProcess {
  const started = spawn("/bin/sh", ["-c", GUARD, "mcprules-guard"], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell there is no guard; the exit handler above is then all there is.
  started.on("error", () => undefined);
  started.stdin.on("error", () => undefined);
  started.unref();
  if (started.stdin instanceof Socket) started.stdin.unref();
  return started;
}
