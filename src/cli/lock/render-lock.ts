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
  readonly asked: readonly AskedOnes[];
}

/** What was to be asked of one kind, and which of them said nothing. */
export interface AskedOnes {
  readonly kind: "server" | "module";
  readonly count: number;
  readonly silent: ReadonlySet<string>;
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

export function renderLockChanges(shown: ShownLock, paint: Paint): readonly string[] {
  const { path, isCheck, lock, changes, ofModules, asked } = shown;
  const told = [
    ...changes.flatMap((change) => changeLines(change, paint)),
    ...ofModules.flatMap((change) => moduleChangeLines(change, paint)),
  ];
  if (isCheck) return [...told, ...(told.length === 0 ? [] : [""]), ...findings(shown, told.length > 0)];
  // Where nobody said anything, the lock stays whole, and may be of others.
  const isSilent = (kind: AskedOnes["kind"], name: string): boolean =>
    asked.some(
      ({ kind: ofKind, count, silent }) =>
        ofKind === kind && (silent.has(name) || (count > 0 && silent.size === count)),
    );
  return [
    ...told,
    ...(told.length === 0 ? [] : [""]),
    paint.bold(printable(path)),
    ...serverLines(lock, (server) => isSilent("server", server)),
    ...moduleLines(lock, (module) => isSilent("module", module)),
  ];
}

/** What a comparison came to. Only where all were asked it says that all is as it was. */
function findings({ path, asked }: ShownLock, isOther: boolean): readonly string[] {
  const uncompared = asked.filter(({ silent }) => silent.size > 0);
  const isAsBefore = !isOther && uncompared.length === 0;
  return [
    ...(isOther ? [`The servers are other than ${printable(path)} says; \`mcprules lock\` writes it anew.`] : []),
    ...(isAsBefore ? [`The servers are as ${printable(path)} says.`] : []),
    ...uncompared.map(sayUncompared),
  ];
}

function sayUncompared({ kind, count, silent }: AskedOnes): string {
  return `${silent.size} of ${count} ${kind}s could not be compared.`;
}

const NOT_ASKED = " (as before: not asked)";

function serverLines(lock: CatalogueLock, isSilent: (server: string) => boolean): readonly string[] {
  const summary = Object.entries(summaryOf(lock)).sort(([one], [other]) => (one < other ? -1 : 1));
  const width = Math.max(0, ...summary.map(([server]) => server.length));
  return summary.map(([server, { name, version, things }]) => {
    const counts = LISTS.filter(({ kind }) => things[kind] > 0).map(({ kind }) => counted(things[kind], kind));
    const having = counts.length === 0 ? "nothing" : counts.join(", ");
    const before = isSilent(server) ? NOT_ASKED : "";
    return `  ${printable(server).padEnd(width)}  ${printable(`${name} ${version}`)}: ${having}${before}`;
  });
}

function counted(count: number, kind: ListedKind): string {
  return `${String(count)} ${kind}${count === 1 ? "" : "s"}`;
}

function moduleLines(
  { modules = NO_MODULES }: CatalogueLock,
  isSilent: (module: string) => boolean,
): readonly string[] {
  return Object.entries(moduleSummary(modules)).map(
    ([module, names]) =>
      `  module ${printable(module)}: ${printable(names.join(", "))}${isSilent(module) ? NOT_ASKED : ""}`,
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
