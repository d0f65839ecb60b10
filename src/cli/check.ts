// `mcprules check`: whether a policy is sound, and if not, where and why.
import { sinkNames } from "../io/log/log-settings.ts";
import { type CompileContext, compilePolicy } from "../language/compile-policy.ts";
import { hasErrors } from "../source/diagnostic.ts";
import { diagnosticsAsJson } from "../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../source/render.ts";
import { outlineOf } from "../inspect/rule-outline.ts";
import { paintFor } from "./paint.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";
import { renderOutline } from "./render-outline.ts";

export interface CheckRequest {
  /** Files and folders, as given. */
  readonly paths: readonly string[];
  /** A settings file: then a server or a sink that is not in it is an error. */
  readonly config?: string;
  readonly json?: boolean;
  /** Also how each rule is carried out. */
  readonly verbose?: boolean;
  readonly denyWarnings?: boolean;
}

/** The exit code: 0 sound, 1 not. */
export async function check({
  paths,
  config,
  json = false,
  verbose = false,
  denyWarnings = false,
}: CheckRequest): Promise<number> {
  const named = config === undefined ? {} : await namesIn(config);
  if (typeof named === "number") return named;
  const files = await readPolicyFiles(paths);
  if (files.kind === "none") return complain(files.reasons);
  const { sources } = files;
  const { policy, diagnostics } = compilePolicy(sources, { now: Date.now(), ...named });
  const outline = verbose && policy ? outlineOf(policy) : undefined;
  if (json) {
    const document = { diagnostics: diagnosticsAsJson(diagnostics, sources), ...outline };
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else {
    process.stderr.write(renderDiagnostics(diagnostics, sources));
    if (outline) process.stdout.write(renderOutline(outline, paintFor(process.stdout)));
  }
  return hasErrors(diagnostics) || (denyWarnings && diagnostics.length > 0) ? 1 : 0;
}

/** A number is the exit code: the reason was told. */
async function namesIn(config: string): Promise<Pick<CompileContext, "servers" | "sinks"> | number> {
  const [{ readSettings }, { renderProblems }] = await Promise.all([
    import("../io/settings-file.ts"),
    import("../io/settings-problem.ts"),
  ]);
  const reading = readSettings(config, process.env);
  if (reading.kind === "settings") {
    const { servers, log } = reading.settings;
    return { servers: servers.map(({ name }) => name), sinks: sinkNames(log) };
  }
  process.stderr.write(`${renderProblems(reading.problems).trimEnd()}\n`);
  return 1;
}
