// `mcprules check`: whether a policy is sound, and if not, where and why.
import { compilePolicy } from "../language/compile-policy.ts";
import { hasErrors } from "../source/diagnostic.ts";
import { diagnosticsAsJson } from "../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../source/render.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";

export interface CheckRequest {
  /** Files and folders, as given. */
  readonly paths: readonly string[];
  /** A settings file: then a server that is not in it is an error. */
  readonly config?: string;
  readonly json?: boolean;
  readonly denyWarnings?: boolean;
}

/** The exit code: 0 sound, 1 not. */
export async function check({ paths, config, json = false, denyWarnings = false }: CheckRequest): Promise<number> {
  const servers = config === undefined ? undefined : await serversIn(config);
  if (typeof servers === "number") return servers;
  const files = await readPolicyFiles(paths);
  if (files.kind === "none") return complain(files.reasons);
  const { sources } = files;
  const { diagnostics } = compilePolicy(sources, { now: Date.now(), ...(servers && { servers }) });
  if (json) {
    const document = { diagnostics: diagnosticsAsJson(diagnostics, sources) };
    process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  } else process.stderr.write(renderDiagnostics(diagnostics, sources));
  return hasErrors(diagnostics) || (denyWarnings && diagnostics.length > 0) ? 1 : 0;
}

/** A number is the exit code: the reason was told. */
async function serversIn(config: string): Promise<readonly string[] | number> {
  const [{ readSettings }, { renderProblems }] = await Promise.all([
    import("../io/settings-file.ts"),
    import("../io/settings-problem.ts"),
  ]);
  const reading = readSettings(config, process.env);
  if (reading.kind === "settings") return reading.settings.servers.map(({ name }) => name);
  process.stderr.write(`${renderProblems(reading.problems).trimEnd()}\n`);
  return 1;
}
