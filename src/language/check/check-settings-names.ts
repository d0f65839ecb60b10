// Names of the settings: sinks that lines go to, modules that are called, translators that are used, and whom rules are for.
import { didYouMean } from "../../source/nearest.ts";
import type { Code } from "../../source/codes.ts";
import type { Item } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { Written } from "../tree/ast-values.ts";
import { error } from "../report.ts";
import { checkPrincipals } from "./check-principals.ts";
import type { Scope } from "../scope.ts";

export function checkSettingsNames(items: readonly Item[], scope: Scope): void {
  for (const kind of KINDS) {
    const known = kind.known(scope);
    if (known === undefined) continue;
    for (const name of items.flatMap(kind.named)) checkName(name, kind, known, scope);
  }
  checkPrincipals(items, scope);
}

interface Kind {
  readonly what: string;
  readonly code: Code;
  /** Where the settings name them. */
  readonly section: string;
  /** `undefined`: there are no settings to go by. */
  readonly known: (scope: Scope) => readonly string[] | undefined;
  readonly named: (item: Item) => readonly Written[];
}

/** Where lines go that are not sent anywhere in particular: `log.level` and `log.to` of the settings. */
const MAIN_SINK = "main";

const KINDS: readonly Kind[] = [
  {
    what: "sink",
    code: "MR309",
    section: "mcprules.log.sinks",
    known: ({ sinks }) => sinks && [...sinks, MAIN_SINK],
    named: (item) => named(item, (action) => (action.kind === "log" ? action.sink : undefined), "expect-log"),
  },
  {
    what: "module",
    code: "MR311",
    section: "mcprules.modules",
    known: ({ modules }) => modules?.map(({ name }) => name),
    named: (item) => named(item, (action) => (action.kind === "call" ? action.module : undefined), "given-call"),
  },
  {
    what: "translator",
    code: "MR312",
    section: "mcprules.translators",
    known: ({ translators }) => translators?.map(({ name }) => name),
    named: (item) => named(item, (action) => (action.kind === "translate" ? action.using : undefined)),
  },
];

function checkName({ text, span }: Written, kind: Kind, known: readonly string[], scope: Scope): void {
  if (known.includes(text)) return;
  const help = didYouMean(text, known) ?? `name it in \`${kind.section}\` of the settings`;
  scope.report(error(kind.code, span, `no ${kind.what} is called \`${text}\``, help));
}

function named(
  item: Item,
  ofAction: (action: ActionNode) => Written | undefined,
  ofStep?: "expect-log" | "given-call",
): readonly Written[] {
  if (item.kind === "rule") return item.actions.flatMap((action) => ofAction(action) ?? []);
  if (item.kind !== "test" || ofStep === undefined) return [];
  return item.steps.flatMap((step) => {
    if (step.kind !== ofStep) return [];
    return step.kind === "given-call" ? step.module : step.name;
  });
}
