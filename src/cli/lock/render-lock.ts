// The catalogue lock for people: how much of each server it holds, and what is other than it was.
import type { LockChange } from "../../inspect/diff/lock-diff.ts";
import type { ModuleChange } from "../../inspect/diff/module-lock-diff.ts";
import type { LockedModules } from "../../mcp/interceptor-lock.ts";
import type { CatalogueLock } from "../../mcp/catalogue-lock.ts";
import { LISTS, type ListedKind } from "../../mcp/lists.ts";
import { printable, type Paint } from "../paint.ts";
import { renderDifference } from "../policy/render-explanation.ts";

export interface ShownLock {
  readonly path: string;
  /** Nothing was written: what is told is how the servers differ from it. */
  readonly isCheck: boolean;
  readonly lock: CatalogueLock;
  readonly changes: readonly LockChange[];
  readonly ofModules: readonly ModuleChange[];
}

export interface LockedSummary {
  readonly name: string;
  readonly version: string;
  /** How many there are of each kind. */
  readonly things: Readonly<Record<ListedKind, number>>;
}

/** By server. */
export function summaryOf({ servers }: CatalogueLock): Readonly<Record<string, LockedSummary>> {
  return Object.fromEntries(
    [...servers].map(([server, { name, version, things }]) => {
      const { tool, prompt, resource, template } = things;
      const counts = { tool: tool.size, prompt: prompt.size, resource: resource.size, template: template.size };
      return [server, { name, version, things: counts }];
    }),
  );
}

/** By module: the names of its interceptors. */
export function moduleSummary(modules: LockedModules): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries([...modules].map(([module, all]) => [module, all.map(({ name }) => name)]));
}

export function renderLockChanges(
  { path, isCheck, lock, changes, ofModules }: ShownLock,
  paint: Paint,
): readonly string[] {
  const told = [
    ...changes.flatMap((change) => changeLines(change, paint)),
    ...ofModules.flatMap((change) => moduleChangeLines(change, paint)),
  ];
  if (isCheck) {
    return told.length === 0
      ? [`The servers are as ${printable(path)} says.`]
      : [...told, "", `The servers are other than ${printable(path)} says; \`mcprules lock\` writes it anew.`];
  }
  return [
    ...told,
    ...(told.length === 0 ? [] : [""]),
    paint.bold(printable(path)),
    ...serverLines(lock),
    ...moduleLines(lock),
  ];
}

function serverLines(lock: CatalogueLock): readonly string[] {
  const summary = Object.entries(summaryOf(lock)).sort(([one], [other]) => (one < other ? -1 : 1));
  const width = Math.max(0, ...summary.map(([server]) => server.length));
  return summary.map(([server, { name, version, things }]) => {
    const counts = LISTS.filter(({ kind }) => things[kind] > 0).map(({ kind }) => counted(things[kind], kind));
    const having = counts.length === 0 ? "nothing" : counts.join(", ");
    return `  ${printable(server).padEnd(width)}  ${printable(`${name} ${version}`)}: ${having}`;
  });
}

function counted(count: number, kind: ListedKind): string {
  return `${String(count)} ${kind}${count === 1 ? "" : "s"}`;
}

function moduleLines({ modules = NO_MODULES }: CatalogueLock): readonly string[] {
  return Object.entries(moduleSummary(modules)).map(
    ([module, names]) => `  module ${printable(module)}: ${printable(names.join(", "))}`,
  );
}

const NO_MODULES: LockedModules = new Map();

function moduleChangeLines(
  { module, interceptor, change, differences }: ModuleChange,
  paint: Paint,
): readonly string[] {
  const what = interceptor === undefined ? `module ${module}` : `interceptor ${interceptor} of module ${module}`;
  return changedLines(what, change, differences, paint);
}

const MARKS = { added: "+", removed: "-", changed: "~" } as const;

function changeLines({ server, thing, change, differences }: LockChange, paint: Paint): readonly string[] {
  const what = thing === undefined ? `server ${server}` : `${thing.kind} ${thing.own} of ${server}`;
  return changedLines(what, change, differences, paint);
}

function changedLines(
  what: string,
  change: LockChange["change"],
  differences: LockChange["differences"],
  paint: Paint,
): readonly string[] {
  const colour = { added: paint.green, removed: paint.red, changed: paint.yellow }[change];
  return [
    `${colour(`${MARKS[change]} ${change.padEnd(7)}`)} ${printable(what)}`,
    ...differences.map((difference) => `    ${renderDifference(difference, paint)}`),
  ];
}
