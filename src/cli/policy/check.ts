// `mcprules check`: whether a policy is sound, and if not, where and why.
import { type Diagnostic, hasErrors } from "../../source/diagnostic.ts";
import { diagnosticsAsJson } from "../../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../../source/render.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { CompiledPolicy } from "../../language/compiled-policy.ts";
import { checkedPolicy } from "./checked-policy.ts";
import { type KnownPolicy, policiesMeant } from "./known-to-policy.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";
import { printJson } from "../print-json.ts";

export interface CheckRequest {
  /** Files and folders, as given. None: those of the settings. */
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
  const meant = await policiesMeant(paths, config);
  if (typeof meant === "number") return meant;
  const all: Checked[] = [];
  for (const one of meant) {
    const checked = await checkOne(one);
    if ("reasons" in checked) return complain(checked.reasons, json);
    all.push(checked);
  }
  const outlines = verbose ? await Promise.all(all.flatMap(({ policy }) => (policy ? [outlined(policy)] : []))) : [];
  if (json) {
    const diagnostics = all.flatMap((one) => diagnosticsAsJson(one.diagnostics, one.sources));
    const [only, ...others] = outlines.map(({ rules }) => rules);
    printJson({ diagnostics, ...(others.length === 0 ? only : { policies: [only, ...others] }) });
  } else {
    for (const { diagnostics, sources } of all) process.stderr.write(renderDiagnostics(diagnostics, sources));
    for (const outline of outlines) process.stdout.write(outline.text());
  }
  const isSound = ({ diagnostics }: Checked): boolean =>
    !hasErrors(diagnostics) && !(denyWarnings && diagnostics.length > 0);
  return all.every(isSound) ? 0 : 1;
}

interface Checked {
  readonly policy: CompiledPolicy | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceText[];
}

async function checkOne({ paths, known }: KnownPolicy): Promise<Checked | { readonly reasons: readonly string[] }> {
  const files = await readPolicyFiles(paths, known);
  if (files.kind === "none") return files;
  const { policy, diagnostics } = await checkedPolicy(files, known);
  return { policy, diagnostics, sources: [...files.sources, ...(files.catalogues ?? [])] };
}

/** Loaded for who wants to see it. */
async function outlined(policy: CompiledPolicy) {
  const [{ outlineOf }, { renderOutline }, { paintFor }] = await Promise.all([
    import("../../inspect/rule-outline.ts"),
    import("./render-outline.ts"),
    import("../paint.ts"),
  ]);
  const rules = outlineOf(policy);
  return { rules, text: () => renderOutline(rules, paintFor(process.stdout)) };
}
