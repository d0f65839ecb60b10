// Whether a server could be told to change the policy: which of them are given a path at or above it.
import { existsSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { pathsGiven } from "./given-paths.ts";
import type { ProcessServer, ServerSettings } from "../settings/settings.ts";

export interface Exposure {
  readonly server: string;
  /** The path in its arguments. */
  readonly given: string;
  /** What of the policy it reaches. */
  readonly reached: string;
}

export interface Guarded {
  /** Rules roots, everything their links lead to, the settings file and what it rests on, the lock. */
  readonly paths: readonly string[];
  /** Those of them that are folders of rules: a file put anywhere below them becomes policy. */
  readonly folders: readonly string[];
}

/** Invariant 9: nothing that comes over MCP can change the policy. Paths are compared where they really are. */
export function exposuresOf(servers: readonly ServerSettings[], guarded: Guarded): readonly Exposure[] {
  const paths = [...new Set(guarded.paths.flatMap(placesOf))];
  const folders = [...new Set(guarded.folders.flatMap(placesOf))];
  // What a server elsewhere can reach is not told by its settings.
  const started = servers.filter((server) => server.kind === "process");
  return started.flatMap((server) => exposureOf(server, paths, folders) ?? []);
}

export function sayExposure({ server, given, reached }: Exposure): string {
  return (
    `error: the server \`${server}\` is given \`${given}\`, through which it could change the policy, or what it rests on: \`${reached}\`\n` +
    `   = help: keep the policy where no server can write, or name \`${server}\` in \`trustServers\` in the settings`
  );
}

function exposureOf(server: ProcessServer, paths: readonly string[], folders: readonly string[]): Exposure | undefined {
  for (const { written: given, path: meant } of server.args.flatMap((argument) => pathsGiven(argument, server))) {
    const place = realPlace(meant);
    const reached =
      paths.find((path) => isWithin(path, place)) ??
      (mayHoldRules(place) ? folders.find((folder) => isWithin(place, folder)) : undefined);
    if (reached !== undefined) return { server: server.name, given, reached };
  }
  return undefined;
}

/** Where it is, and where the link stands that leads there: who can replace the link, too, changes the policy. */
function placesOf(path: string): readonly string[] {
  return [realPlace(path), join(realPlace(dirname(path)), basename(path))];
}

/** Of what is not there yet, where it would be. */
function realPlace(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPlace(parent), basename(path));
}

function isWithin(inner: string, outer: string): boolean {
  const between = relative(outer, inner);
  return between === "" || (between !== ".." && !between.startsWith(`..${sep}`) && !isAbsolute(between));
}

/** A file of another kind, such as a server's own script, is no way to change the policy beside it. */
function mayHoldRules(path: string): boolean {
  return path.endsWith(".mcprules") || isFolder(path);
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
