// Where a policy lies, and all that it rests on: rules and what their links lead to, the settings and the files they name, the lock.
import { type Dirent, existsSync, readdirSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { lockPlaces } from "../lock-file.ts";
import type { HostSettings } from "../modules/module-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { pathsGiven } from "./given-paths.ts";
import { type Guarded, isFolder } from "./trust.ts";

/** What the settings tell, before any rule is read. `rules`: absolute, those of the settings too. */
export function policyPlaces(settings: Settings, rules: readonly string[]): Guarded {
  const { file, profiles, modules, translation, secretFiles = [] } = settings;
  // What one client is shown must not change what another one is.
  const roots = [...rules, ...profiles.flatMap((profile) => profile.rules)];
  const folders = roots.filter(isFolder);
  const own = file === undefined ? [] : [file];
  const programs = modules?.modules.flatMap(({ host }) => programFiles(host)) ?? [];
  const memory = translation?.translators.length === 0 ? undefined : translation?.memory;
  const kept = memory === undefined ? [] : [memory];
  const paths = [...roots, ...own, ...lockPlaces({ settings: file, rules }), ...programs, ...secretFiles, ...kept];
  return { paths, folders };
}

/** What links below the roots lead to, for who cannot wait until all of it is read; what cannot be looked at leads nowhere. */
export function linkedPlaces(roots: readonly string[]): Guarded {
  const found: Found = { paths: [], folders: [], seen: new Set() };
  // A policy of one file has its translations beside it.
  for (const root of roots) lookInto(isFolder(root) ? root : join(dirname(root), "translations"), found);
  return found;
}

interface Found extends Guarded {
  readonly paths: string[];
  readonly folders: string[];
  /** Real paths, since links may lead in a circle. */
  readonly seen: Set<string>;
}

function lookInto(folder: string, found: Found): void {
  const listing = listed(folder);
  if (listing === undefined || found.seen.has(listing.real)) return;
  found.seen.add(listing.real);
  found.paths.push(listing.real);
  found.folders.push(listing.real);
  for (const entry of listing.entries) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) found.paths.push(path);
    if (entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path))) lookInto(path, found);
  }
}

function listed(folder: string): { readonly real: string; readonly entries: readonly Dirent[] } | undefined {
  try {
    return { real: realpathSync(folder), entries: readdirSync(folder, { withFileTypes: true }) };
  } catch {
    return undefined;
  }
}

/** What a module is made of decides as rules do. An argument may be a file of it, or its own rules. */
function programFiles(host: HostSettings): readonly string[] {
  if (host.kind === "http") return [];
  if (host.kind === "script") return [host.path];
  const named = host.command.includes("/") ? [host.command, ...host.args] : host.args;
  const receiver = { ...host, home: host.env["HOME"] ?? process.env["HOME"] ?? homedir() };
  return named
    .flatMap((argument) => pathsGiven(argument, receiver))
    .map(({ path }) => path)
    .filter((path) => existsSync(path));
}
