// What programs may use: a proxy in their own process, the settings it takes, and the compiler of policies.
export { openDecisionLog, type DecisionLog } from "./io/log/decision-log.ts";
export { type ServerSettings, type Settings, wrapOneServer } from "./io/settings/settings.ts";
export { readSettings, type SettingsReading } from "./io/settings/settings-file.ts";
export { renderProblems, type SettingsProblem } from "./io/settings/problem.ts";
export { compilePolicy, type CompileContext, type CompileOutcome } from "./language/compile-policy.ts";
export { startProxy, type Proxy, type ProxyFace, type ProxyOptions, type ProxyStart } from "./serve.ts";
export { hasErrors, type Diagnostic, type Span } from "./source/diagnostic.ts";
export { renderDiagnostics } from "./source/render.ts";
export type { SourceText } from "./source/source-text.ts";
