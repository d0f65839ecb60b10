// Which interceptors of a module are asked about a message, in which order, and what is missed (modules.md 1.4).
import type { ModuleCall } from "../../engine/need.ts";
import type { Designation, ModuleSettings } from "./module-settings.ts";
import { type Descriptor, hooksMatch, type InterceptorPhase, widening } from "./wire.ts";

export interface Selected {
  readonly name: string;
  readonly version: string | undefined;
  readonly isAudit: boolean;
  readonly failsOpen: boolean;
  readonly priority: number;
  /** Why it cannot be asked, though it should be. */
  readonly missed: string | undefined;
}

export interface Offered {
  /** `undefined`: the host has not been listed yet. */
  readonly descriptors: readonly Descriptor[] | undefined;
  /** Everything that was listed since the start, or stands in the lock, with all the hooks it ever had. */
  readonly ever: readonly Descriptor[];
  /** Those that the lock names: nobody else is asked. `undefined`: it says nothing of this module. */
  readonly locked: ReadonlySet<string> | undefined;
  /** Those that are offered otherwise than the lock says, where that counts. */
  readonly changed: readonly string[];
  readonly revision: string | undefined;
}

type Wanted = Pick<ModuleCall, "type" | "event" | "phase" | "fails" | "isShadow">;

/** Mutators in the order they run in; validators in the order of the settings, or of the list. */
export function select(settings: ModuleSettings, offered: Offered, wanted: Wanted): readonly Selected[] {
  const found = settings.designated === undefined ? listed(offered, wanted) : designated(settings, offered, wanted);
  const candidates = found.map((one) => (offered.changed.includes(one.name) ? Object.assign(one, OTHERWISE) : one));
  const selected = candidates.map((candidate) => selectedOf(candidate, settings, wanted));
  return wanted.type === "mutation" ? selected.toSorted(byPriority) : selected;
}

interface Candidate {
  readonly name: string;
  readonly descriptor?: Descriptor | undefined;
  readonly designation?: Designation | undefined;
  readonly missed?: string;
}

const OTHERWISE = { missed: "its host offers it otherwise than `mcprules.lock` says" };

/** What was offered once and is not any more is missed; a host that offers nothing is no host. */
function listed({ descriptors, ever, revision, locked }: Offered, wanted: Wanted): readonly Candidate[] {
  const isMeant = ({ name, type, hooks }: Descriptor): boolean =>
    type === wanted.type && (locked?.has(name) ?? true) && hooksMatch(hooks, wanted.event, wanted.phase);
  const known = ever.filter(isMeant);
  if (descriptors === undefined && known.length === 0) return [{ name: "*", missed: "its host could not be listed" }];
  if (descriptors?.length === 0) return [{ name: "*", missed: "its host lists nothing" }];
  const now = (descriptors ?? known).filter(isMeant);
  const gone = known.filter(({ name }) => !now.some((one) => one.name === name));
  return [
    ...now
      .filter((descriptor) => isCompatible(descriptor, revision))
      .map((descriptor) => ({ name: descriptor.name, descriptor })),
    ...gone.map((descriptor) => ({ name: descriptor.name, descriptor, missed: "its host does not offer it any more" })),
  ];
}

const NONE: NonNullable<ModuleSettings["designated"]> = new Map();

function designated(
  { designated: wishes = NONE }: ModuleSettings,
  offered: Offered,
  wanted: Wanted,
): readonly Candidate[] {
  const candidates: Candidate[] = [];
  for (const [name, designation] of wishes) {
    if (designation.type !== wanted.type) continue;
    if (designation.hooks !== undefined && !hooksMatch(designation.hooks, wanted.event, wanted.phase)) continue;
    const descriptor = (offered.descriptors ?? offered.ever).find((one) => one.name === name);
    const missed = missing(descriptor, designation);
    const isMeant =
      missed !== undefined ||
      designation.hooks !== undefined ||
      (descriptor !== undefined && hooksMatch(descriptor.hooks, wanted.event, wanted.phase));
    const isUsable = descriptor === undefined || isCompatible(descriptor, offered.revision);
    if (isMeant && isUsable)
      candidates.push({ name, descriptor, designation, ...(missed === undefined ? {} : { missed }) });
  }
  return candidates;
}

function missing(descriptor: Descriptor | undefined, { type, hooks }: Designation): string | undefined {
  if (descriptor === undefined) return "its host does not offer it";
  if (descriptor.type !== type) return `its host offers it as a ${descriptor.type}`;
  const wide = hooks && widening(hooks, descriptor.hooks);
  return wide === undefined ? undefined : `the settings ask it about ${wide}, which its host does not offer`;
}

/** Outside of the revisions it is for, it is not asked. */
function isCompatible({ compat }: Descriptor, revision: string | undefined): boolean {
  if (compat === undefined || revision === undefined) return true;
  return revision >= compat.min && (compat.max === undefined || revision <= compat.max);
}

/** What an author says of mode and failures is no reason to be laxer than the settings: it is not taken over. */
function selectedOf(
  { name, descriptor, designation, missed }: Candidate,
  settings: ModuleSettings,
  { phase, fails, isShadow }: Wanted,
): Selected {
  const mode = designation?.mode ?? settings.mode;
  const failOpen = designation?.failOpen ?? settings.failOpen;
  return {
    name,
    version: descriptor?.version,
    isAudit: isShadow || mode === "audit",
    failsOpen: fails === undefined ? failOpen : fails === "open",
    priority: priorityOf(descriptor, designation, phase),
    missed,
  };
}

function priorityOf(
  descriptor: Descriptor | undefined,
  designation: Designation | undefined,
  phase: InterceptorPhase,
): number {
  return (designation?.priority ?? descriptor?.priority)?.[phase] ?? 0;
}

function byPriority(one: Selected, other: Selected): number {
  return one.priority - other.priority || byCodePoint(one.name, other.name);
}

/** JavaScript itself compares UTF-16 units, in which U+1F600 comes before U+FF5E. */
function byCodePoint(one: string, other: string): number {
  const [left, right] = [Array.from(one), Array.from(other)];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at === -1) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}
