// `mcprules check`: whether a policy is sound, and if not, where and why.
import { hasErrors } from "../source/diagnostic.ts";
import { diagnosticsAsJson } from "../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../source/render.ts";
import { outlineOf } from "../inspect/rule-outline.ts";
import { knownToPolicy } from "./known-to-policy.ts";
import { checkedPolicy } from "./load-policy.ts";
import { paintFor } from "./paint.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";
import { renderOutline } from "./render-outline.ts";

export interface CheckRequest {
  /** Files and folders, as given. */
  readonly paths: readonly string[];
  /** A settings file: then a server or a sink that is not in it is an error, and the lock beside it counts. */
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
  const known = await knownToPolicy(paths, config);
  if (typeof known === "number") return known;
  const files = await readPolicyFiles(paths, known.locks);
  if (files.kind === "none") return complain(files.reasons, json);
  const sources = [...files.sources, ...(files.catalogues ?? [])];
  const { policy, diagnostics } = await checkedPolicy(files, known);
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
