// Modules and `mcprules.lock`: what is written of them, and what they offer that is other than it says.
import { type LockedInterceptor, writtenInterceptor } from "../../mcp/interceptor-lock.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import { digest } from "../lock-file.ts";
import type { Descriptor } from "./wire.ts";

export function lockedOf({ name, type, hooks, mode, failOpen, configSchema }: Descriptor): LockedInterceptor {
  const schema = configSchema && digest(sortedJson(configSchema));
  return { name, type, hooks, mode, failOpen, configSchema: schema };
}

/** As far as the lock tells: what is not offered any more is missed by it. */
export function descriptorOf({ name, type, hooks, mode, failOpen }: LockedInterceptor): Descriptor {
  const priority = { request: 0, response: 0 };
  return {
    name,
    version: undefined,
    type,
    hooks,
    mode,
    failOpen,
    priority,
    compat: undefined,
    configSchema: undefined,
  };
}

/** Names of those that are offered otherwise than the lock says. */
export function changedSince(
  locked: readonly LockedInterceptor[],
  descriptors: readonly Descriptor[],
): readonly string[] {
  return descriptors.flatMap((descriptor) => {
    const was = locked.find(({ name }) => name === descriptor.name);
    const isSame = was === undefined || isSameJson(writtenInterceptor(was), writtenInterceptor(lockedOf(descriptor)));
    return isSame ? [] : [descriptor.name];
  });
}
