// The section `profiles` of the settings: under which names a proxy shows which servers, and by which rules.
import { resolve } from "node:path";
import * as z from "zod";
import type { SettingsFault } from "./problem.ts";
import type { ProfileSettings } from "./settings.ts";

const profile = z.strictObject({
  servers: z.array(z.string()).min(1).optional(),
  rules: z.array(z.string().min(1)).min(1).optional(),
});

export const profilesSchema = z.record(z.string(), profile).default({});

type ProfilesValue = z.output<typeof profilesSchema>;

/** What a profile does not say is as it is without profiles. */
export function profilesOf(
  profiles: ProfilesValue,
  {
    servers,
    rules,
    folder,
  }: { readonly servers: readonly string[]; readonly rules: readonly string[]; readonly folder: string },
): readonly ProfileSettings[] {
  return Object.entries(profiles).map(([name, own]) => ({
    name,
    servers: own.servers ?? servers,
    rules: own.rules?.map((path) => resolve(folder, path)) ?? rules,
  }));
}

/** They are parts of paths: `/mcp/dev`. */
const PROFILE_NAME = /^[A-Za-z0-9][\w-]*$/;

export function profileFaults({ mcpServers, mcprules }: SettingsParts): readonly SettingsFault[] {
  return Object.entries(mcprules.profiles).flatMap(([name, { servers }]) => {
    const message = faultOf(name, servers, Object.keys(mcpServers));
    return message === undefined ? [] : [{ at: ["mcprules", "profiles", name], isName: true, message }];
  });
}

interface SettingsParts {
  /** Without those that are disabled. */
  readonly mcpServers: object;
  readonly mcprules: { readonly profiles: ProfilesValue };
}

function faultOf(name: string, servers: readonly string[] | undefined, there: readonly string[]): string | undefined {
  if (!PROFILE_NAME.test(name)) {
    return `\`${name}\` cannot be the name of a profile: a letter or digit, then letters, digits, \`_\` and \`-\``;
  }
  if (servers === undefined || servers.some((server) => there.includes(server))) return undefined;
  return `the profile \`${name}\` has no server that is enabled`;
}
