// What a policy is told of modules when it is checked: their names, and which of them are far away.
import type { CheckContext } from "../../inspect/check-policy.ts";
import { isOnThisMachine } from "../safe-url.ts";
import type { HostSettings, ModuleSettings, ModulesSettings } from "./module-settings.ts";

type KnownModules = NonNullable<CheckContext["modules"]>;

/** Settings without modules have none: a `call` of any is then a mistake. */
export function knownModules(settings: ModulesSettings | undefined): KnownModules {
  return settings?.modules.map(knownModule) ?? [];
}

function knownModule({ name, host, designated, locked }: ModuleSettings): KnownModules[number] {
  const types = designated && [...designated.values()].map(({ type }) => type);
  const isValidator = types?.every((type) => type === "validation");
  return { name, isRemote: isRemote(host), locked, ...(isValidator === undefined ? {} : { isValidator }) };
}

function isRemote(host: HostSettings): boolean {
  return host.kind === "http" && !isOnThisMachine(host.url);
}
