// The faces that a proxy shows: one without a name, or one for each profile of the settings.
import { nearest } from "../source/nearest.ts";
import type { Settings } from "./settings/settings.ts";

export interface Profile {
  /** `undefined`: the settings as they are, where they have no profiles. */
  readonly name: string | undefined;
  /** With its servers and its rules. */
  readonly settings: Settings;
}

export type Choice = { readonly kind: "profiles"; readonly profiles: readonly Profile[] } | Refusal;

interface Refusal {
  readonly kind: "refused";
  /** For people, with what to do. */
  readonly report: string;
}

/**
 * `wanted`: the only one, by its name. Where there are profiles nobody gets what is outside of them, since they are there
 * to narrow it; over stdio, where there is one client, it has to be said which one it gets.
 */
export function profilesFor(settings: Settings, wanted: string | undefined, isForOne: boolean): Choice {
  const { profiles } = settings;
  if (wanted !== undefined) return choose(settings, wanted);
  if (profiles.length === 0) return { kind: "profiles", profiles: [{ name: undefined, settings }] };
  if (!isForOne) return { kind: "profiles", profiles: profiles.map(({ name }) => profileOf(settings, name)) };
  const names = profiles.map(({ name }) => `\`--profile ${name}\``).join(" or ");
  return refused(
    `error: the settings have profiles, and it is not said which one this client gets\n   = help: ${names}`,
  );
}

function choose(settings: Settings, wanted: string): Choice {
  const names = settings.profiles.map(({ name }) => name);
  if (names.includes(wanted)) return { kind: "profiles", profiles: [profileOf(settings, wanted)] };
  if (names.length === 0) return refused(`error: there is no profile \`${wanted}\`: the settings have none`);
  const meant = nearest(wanted, names);
  const help =
    meant === undefined ? `there are ${names.map((name) => `\`${name}\``).join(", ")}` : `did you mean \`${meant}\`?`;
  return refused(`error: there is no profile \`${wanted}\`\n   = help: ${help}`);
}

function refused(report: string): Refusal {
  return { kind: "refused", report };
}

function profileOf(settings: Settings, name: string): Profile {
  const own = settings.profiles.find((profile) => profile.name === name);
  if (own === undefined) throw new Error(`there is no profile ${name}`);
  const servers = settings.servers.filter((server) => own.servers.includes(server.name));
  return { name, settings: { ...settings, servers, rules: own.rules } };
}
