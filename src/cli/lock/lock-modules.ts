// The modules' part of `mcprules lock`: each is started, asked what it declares, and ended.
import type { LockedInterceptor, LockedModules } from "../../mcp/interceptor-lock.ts";
import { lockedOf } from "../../io/modules/locked.ts";
import type { ModulesSettings } from "../../io/modules/module-settings.ts";

export type ModuleSurvey =
  | { readonly module: string; readonly interceptors: readonly LockedInterceptor[] }
  | { readonly module: string; readonly reason: string };

export async function surveyModules(settings: ModulesSettings | undefined): Promise<readonly ModuleSurvey[]> {
  if (settings === undefined) return [];
  const { createModules } = await import("../../io/modules/create-modules.ts");
  const modules = createModules(settings, { report: () => undefined, serverSaid: () => undefined });
  await modules.started;
  const surveys = modules.list().map(({ name: module, state, interceptors }): ModuleSurvey => {
    if (state.kind === "up") return { module, interceptors: interceptors.map(lockedOf) };
    return { module, reason: state.kind === "down" ? state.reason : "it does not come up" };
  });
  await modules.close();
  return surveys;
}

/** What could not be asked stays as it was written down; what the settings name no more is left out. */
export function mergedModules(
  before: LockedModules | undefined,
  surveys: readonly ModuleSurvey[],
): LockedModules | undefined {
  const known = surveys.flatMap((survey): readonly (readonly [string, readonly LockedInterceptor[]])[] => {
    const interceptors = "interceptors" in survey ? survey.interceptors : before?.get(survey.module);
    return interceptors === undefined ? [] : [[survey.module, interceptors]];
  });
  return known.length === 0 ? undefined : new Map(known);
}
