// Two locks of modules: which interceptors came, went, or are declared otherwise.
import { type LockedModules, writtenInterceptor } from "../../mcp/interceptor-lock.ts";
import { differences, type Difference } from "./json-diff.ts";

export interface ModuleChange {
  readonly module: string;
  /** Absent: the module itself. */
  readonly interceptor?: string;
  readonly change: "added" | "removed" | "changed";
  readonly differences: readonly Difference[];
}

const NONE: LockedModules = new Map();

/** By name. Of a module that is new or gone, nothing more is said. */
export function moduleChanges(before: LockedModules = NONE, after: LockedModules = NONE): readonly ModuleChange[] {
  return union(before.keys(), after.keys()).flatMap((module): readonly ModuleChange[] => {
    const [old, now] = [before.get(module), after.get(module)];
    if (old === undefined) return [{ module, change: "added", differences: [] }];
    if (now === undefined) return [{ module, change: "removed", differences: [] }];
    const names = union(
      old.map(({ name }) => name),
      now.map(({ name }) => name),
    );
    return names.flatMap((interceptor): readonly ModuleChange[] => {
      const [was, is] = [old, now].map((all) => all.find(({ name }) => name === interceptor));
      if (was === undefined) return [{ module, interceptor, change: "added", differences: [] }];
      if (is === undefined) return [{ module, interceptor, change: "removed", differences: [] }];
      const found = differences(writtenInterceptor(was), writtenInterceptor(is));
      return found.length === 0 ? [] : [{ module, interceptor, change: "changed", differences: found }];
    });
  });
}

function union(one: Iterable<string>, other: Iterable<string>): readonly string[] {
  return [...new Set([...one, ...other])].toSorted();
}
