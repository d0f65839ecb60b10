// Comments that stand for what a settings file names: `# servers: a, b`, `# sinks: c`, `# modules: d, e far`, `# translators: f far default`, `# profiles: g`, `# users: none`.
import type { CompileContext } from "../../src/language/compile-policy.ts";

type Named = Pick<CompileContext, "servers" | "sinks" | "modules" | "translators" | "profiles" | "hasUsers">;

/** Behind a name: `far` is reached over the network, `judges` changes nothing, `keeps:KEY` locks that, `default` is used where a rule names none. */
export function settingsIn(text: string): Named {
  const servers = listIn(text, "servers");
  const sinks = listIn(text, "sinks");
  const modules = listIn(text, "modules").map((words) => {
    const [name = "", ...traits] = words.split(" ");
    const locked = traits.flatMap((trait) => (trait.startsWith("keeps:") ? [trait.slice("keeps:".length)] : []));
    return { name, isRemote: traits.includes("far"), isValidator: traits.includes("judges"), locked };
  });
  const translators = listIn(text, "translators").map((words) => {
    const [name = "", ...traits] = words.split(" ");
    return { name, isRemote: traits.includes("far"), isDefault: traits.includes("default") };
  });
  const profiles = listIn(text, "profiles");
  return {
    ...(servers.length > 0 && { servers }),
    ...(sinks.length > 0 && { sinks }),
    ...(modules.length > 0 && { modules }),
    ...(translators.length > 0 && { translators }),
    ...(profiles.length > 0 && { profiles }),
    ...(listIn(text, "users").length > 0 && { hasUsers: false }),
  };
}

function listIn(text: string, section: string): readonly string[] {
  const lists = text.matchAll(new RegExp(`^# ${section}: (.*)$`, "gm"));
  return [...lists].flatMap(([, names = ""]) => names.split(", "));
}
