// `mcprules check`: whether a policy is sound, and if not, where and why.
import { hasErrors } from "../source/diagnostic.ts";
import { diagnosticsAsJson } from "../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../source/render.ts";
import type { CompiledPolicy } from "../language/compiled-policy.ts";
import { checkedPolicy } from "./checked-policy.ts";
import { knownToPolicy } from "./known-to-policy.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";
import { printJson } from "./print-json.ts";

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
  const outline = verbose && policy ? await outlined(policy) : undefined;
  if (json) {
    const document = { diagnostics: diagnosticsAsJson(diagnostics, sources), ...outline?.rules };
    printJson(document);
  } else {
    process.stderr.write(renderDiagnostics(diagnostics, sources));
    if (outline) process.stdout.write(outline.text());
  }
  return hasErrors(diagnostics) || (denyWarnings && diagnostics.length > 0) ? 1 : 0;
}

/** Loaded for who wants to see it. */
async function outlined(policy: CompiledPolicy) {
  const [{ outlineOf }, { renderOutline }, { paintFor }] = await Promise.all([
    import("../inspect/rule-outline.ts"),
    import("./render-outline.ts"),
    import("./paint.ts"),
  ]);
  const rules = outlineOf(policy);
  return { rules, text: () => renderOutline(rules, paintFor(process.stdout)) };
}
