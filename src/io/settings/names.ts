// Names in the settings: which a server, a module or a translator can bear, and which servers are named that are not there.
import type { SettingsDocument } from "./document.ts";
import { nearest } from "../../source/nearest.ts";
import { type SettingsFault, type SettingsPath } from "./problem.ts";
import type { SettingsValue } from "./schema.ts";
import { SERVER_NAME } from "./settings.ts";

/** Of what rules name, as the language reads a name after the word `after`. `at`: where it stands. */
export function spokenNameFaults(
  name: string,
  { what, after }: { readonly what: string; readonly after: string },
  at: SettingsPath,
): readonly SettingsFault[] {
  if (/^[A-Za-z_]\w*$/.test(name)) return [];
  const message = `\`${name}\` cannot be the name of a ${what}: a letter, then letters, digits and \`_\``;
  return [{ at, message, help: `it is what rules write after \`${after}\`` }];
}

export function serverNameFaults(document: SettingsDocument, value: SettingsValue): readonly SettingsFault[] {
  const servers = Object.keys(value.mcpServers);
  const declared = declaredServers(document);
  const unknown = (name: string, at: SettingsPath): readonly SettingsFault[] => {
    if (declared.includes(name)) return [];
    const meant = nearest(name, declared);
    const help = meant === undefined ? {} : { help: `did you mean \`${meant}\`?` };
    return [{ at, isName: typeof at.at(-1) === "string", message: `no server is called \`${name}\``, ...help }];
  };
  return [
    ...(servers.length > 0 ? [] : [NO_SERVER]),
    ...servers.filter((name) => !SERVER_NAME.test(name)).map(badName),
    ...Object.keys(value.mcprules.servers).flatMap((name) => unknown(name, ["mcprules", "servers", name])),
    ...Object.entries(value.mcprules.profiles).flatMap(([profile, { servers: own = [] }]) =>
      own.flatMap((name, index) => unknown(name, ["mcprules", "profiles", profile, "servers", index])),
    ),
    ...value.mcprules.trustServers.flatMap((name, index) => unknown(name, ["mcprules", "trustServers", index])),
  ];
}

const NO_SERVER: SettingsFault = {
  at: ["mcpServers"],
  isName: true,
  message: "no server is named here",
  help: "add one, or enable one",
};

function badName(name: string): SettingsFault {
  return { at: ["mcpServers", name], isName: true, ...serverNameFault(name) };
}

/** Of a name that no server can have. */
export function serverNameFault(name: string): { readonly message: string; readonly help: string } {
  const better = name.replace(/^[^A-Za-z]+/, "").replaceAll(/[^A-Za-z0-9.-]+/g, "-");
  return {
    message: `\`${name}\` cannot be the name of a server: a letter, then letters, digits, \`.\` and \`-\``,
    help: `call it \`${SERVER_NAME.test(better) ? better : "server"}\``,
  };
}

/** With those that are disabled. */
function declaredServers({ root }: SettingsDocument): readonly string[] {
  if (root.type !== "Object") return [];
  const member = root.members.find(({ name }) => name.type === "String" && name.value === "mcpServers");
  if (member?.value.type !== "Object") return [];
  return member.value.members.flatMap(({ name }) => (name.type === "String" ? [name.value] : []));
}
