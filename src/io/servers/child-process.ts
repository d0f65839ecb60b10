// Servers as processes: started with a small environment, heard on stderr, and ended so that nothing of them is left.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, isAbsolute, resolve as resolvePath } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { processInput, processOutput } from "../pipes.ts";
import { guardGroup, isInhabited, releaseGroup, signalGroup } from "./process-guard.ts";
import type { ProcessServer } from "../settings/settings.ts";
import { splitLines } from "../text-lines.ts";
import { codeOf, messageOf } from "../thrown.ts";

export interface ServerProcess {
  /** Absent when the process could not be started. */
  readonly streams: { readonly input: Writable; readonly output: Readable } | undefined;
  /** Resolves, once all it wrote has been read (so somebody has to), with the reason for people: `exited with code 1`. Never rejects. */
  readonly ended: Promise<string>;
  /** Closes its stdin and waits for its end; insists after 2 s and kills after 3 s more. Resolves when nobody is left. */
  readonly close: () => Promise<void>;
  /** No more waiting for it to end by itself. */
  readonly hurry: () => void;
}

/** How long a server may take to end once its stdin is closed, and how long after SIGTERM. */
const PATIENCE = { closedMs: 2000, askedMs: 3000 };

/** How long after its exit we still listen to its stdout, which a grandchild of its may hold open for ever. */
const LAST_WORDS_MS = 1000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

export function startServer(settings: ProcessServer, onErrorLine: (line: string) => void): ServerProcess {
  const { hear, ...server } = launchServer(settings);
  hear(onErrorLine);
  return server;
}

export interface LaunchedServer extends ServerProcess {
  /** Until then it is held up when it writes more to its stderr than a pipe takes. */
  readonly hear: (onErrorLine: (line: string) => void) => void;
}

export function launchServer(settings: ProcessServer): LaunchedServer {
  let child: Child;
  try {
    child = spawn(settings.command, settings.args, {
      cwd: settings.cwd,
      env: serverEnvironment(settings.env),
      stdio: ["pipe", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
  } catch (error) {
    return notStarted(`could not be started: ${error instanceof Error ? error.message : String(error)}`);
  }
  // A write to a server that is gone fails; what counts is its end, which is told by `ended`.
  child.stdin.on("error", () => undefined);
  child.stdout.on("error", () => undefined);
  child.stderr.on("error", () => undefined);
  const { pid } = child;
  if (pid === undefined) return notStarted(once(child, "error").then((error) => startFailure(settings, error)));
  guardGroup(pid);
  return { ...runningServer(child, pid), hear: (onErrorLine) => splitLines(child.stderr, onErrorLine) };
}

/**
 * What the SDK's stdio client lets a server inherit (`getDefaultEnvironment`, 1.32.2; after sudo's list), and `extra`.
 * Written out because importing it costs more than starting the proxy does.
 */
export function serverEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of INHERITED) {
    const value = process.env[name];
    // A value that begins so is a shell function that was exported: code.
    if (value !== undefined && !value.startsWith("()")) environment[name] = value;
  }
  return { ...environment, ...extra };
}

const INHERITED =
  process.platform === "win32"
    ? "APPDATA HOMEDRIVE HOMEPATH LOCALAPPDATA PATH PROCESSOR_ARCHITECTURE SYSTEMDRIVE SYSTEMROOT TEMP USERNAME USERPROFILE PROGRAMFILES".split(
        " ",
      )
    : "HOME LOGNAME PATH SHELL TERM USER".split(" ");

function notStarted(reason: string | Promise<string>): LaunchedServer {
  const nothing = (): void => undefined;
  return {
    streams: undefined,
    ended: Promise.resolve(reason),
    close: () => Promise.resolve(),
    hurry: nothing,
    hear: nothing,
  };
}

function runningServer(child: Child, group: number): ServerProcess {
  const output = processOutput(child.stdout);
  output.on("error", () => undefined);
  const haste = new AbortController();
  const exited = new Promise<string>((resolve) => {
    child.once("exit", (code, signal) => resolve(exitReason(code, signal)));
  });
  let isKilled = false;
  const vacated = exited.then(() => (isKilled ? releaseGroup(group) : endGroup(group)));
  const ended = exited.then(async (reason) => {
    await lastWords(output);
    output.destroy();
    return reason;
  });
  const close = async (): Promise<void> => {
    child.stdin.end();
    await patience(exited, PATIENCE.closedMs, haste.signal);
    if (isRunning(child)) signalGroup(group, "SIGTERM");
    await patience(exited, PATIENCE.askedMs);
    isKilled = isRunning(child) && signalGroup(group, "SIGKILL");
    await vacated;
    output.destroy();
  };
  let closing: Promise<void> | undefined;
  return {
    streams: { input: processInput(child.stdin), output },
    ended,
    close: () => (closing ??= close()),
    hurry: () => haste.abort(),
  };
}

function isRunning({ exitCode, signalCode }: Child): boolean {
  return exitCode === null && signalCode === null;
}

/** Ends what a server left behind in its process group, such as the program that a shell or `npx` started. */
async function endGroup(group: number): Promise<void> {
  signalGroup(group, "SIGTERM");
  const last = performance.now() + PATIENCE.askedMs;
  while (performance.now() < last && isInhabited(group)) await delay(20);
  if (isInhabited(group)) signalGroup(group, "SIGKILL");
  releaseGroup(group);
}

/** Resolves with `event`, after `ms`, or at once when there is haste. */
async function patience(event: Promise<unknown>, ms: number, haste?: AbortSignal): Promise<void> {
  const over = new AbortController();
  const signal = haste === undefined ? over.signal : AbortSignal.any([over.signal, haste]);
  await Promise.race([event, delay(ms, undefined, { signal }).catch(() => undefined)]);
  over.abort();
}

/** Waits until its stdout has been read to the end. While we do not read, because a client is slow, time stands still. */
async function lastWords(output: Readable): Promise<void> {
  let isOrWasPaused: boolean;
  output.on("pause", () => {
    isOrWasPaused = true;
  });
  const closed = new Promise<true>((resolve) => {
    if (output.closed) resolve(true);
    output.once("close", () => resolve(true));
  });
  do {
    isOrWasPaused = output.isPaused();
    const over = new AbortController();
    const waited = delay(LAST_WORDS_MS, false, { signal: over.signal }).catch(() => false);
    const isClosed = await Promise.race([closed, waited]);
    over.abort();
    if (isClosed) return;
  } while (isOrWasPaused);
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `exited with code ${code ?? 0}` : `was ended by ${signal}`;
}

function startFailure(settings: ProcessServer, error: unknown): string {
  return `could not be started: ${faultOf(settings, error)}`;
}

function faultOf({ command, cwd }: ProcessServer, error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOENT" && !existsSync(cwd)) return `there is no folder \`${cwd}\``;
  if (code === "ENOENT") return `there is no command ${absent(command, cwd)}`;
  if (code !== "EACCES") return messageOf(error);
  const isFolder = hasFolder(command) && statSync(resolvePath(cwd, command), { throwIfNoEntry: false })?.isDirectory();
  return `\`${command}\` ${isFolder === true ? "is a folder" : "may not be executed"}`;
}

function absent(command: string, cwd: string): string {
  if (/\s/.test(command))
    return `\`${command}\`; what stands behind its name belongs into \`args\`, or behind \`--\` without the quotes`;
  if (!hasFolder(command)) return `\`${command}\``;
  // It is there, and the program that its first line names is not.
  if (existsSync(resolvePath(cwd, command))) return `to run \`${command}\` with, which its first line names`;
  return isAbsolute(command) ? `\`${command}\`` : `\`${command}\` in \`${cwd}\``;
}

/** It is not looked up in `PATH`. */
function hasFolder(command: string): boolean {
  return basename(command) !== command;
}

function once(child: Child, event: string): Promise<unknown> {
  return new Promise((resolve) => {
    child.once(event, resolve);
  });
}
