// The one name that a head is about, if it is about one: by it, large policies are searched.
import type { CompiledHead } from "./compiled-policy.ts";

/** Without wildcards. */
export function onlyName({ targets: [target, second] }: CompiledHead): string | undefined {
  const pattern = target === undefined || target.kind === "any" || second !== undefined ? undefined : target.name;
  const [part, another] = pattern?.parts ?? [];
  return part?.kind === "glob" && another === undefined && !/[*?]/.test(part.text) ? part.text : undefined;
}
