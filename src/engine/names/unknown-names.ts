// Names of tools and prompts that a policy speaks of and no server has: most of them are misspelt, and then a rule does nothing.
import type { Pattern } from "../../expression/pattern.ts";
import type { CompiledHead, CompiledPolicy, CompiledTarget, Place } from "../../language/compiled-policy.ts";
import { allMethods } from "../../mcp/methods.ts";
import { nearest } from "../../source/nearest.ts";

/** What one server has, by its own names; `undefined`: that is not known now. */
export interface OwnNames {
  readonly server: string;
  readonly tool: ReadonlySet<string> | undefined;
  readonly prompt: ReadonlySet<string> | undefined;
}

export interface UnknownName {
  /** The rule, its place, and the name. */
  readonly mention: string;
  /** For the operator. Looks for what else might be meant, which takes long where there is much of both. */
  readonly describe: () => string;
}

/** One for each rule and name. Where one of the servers meant is not known, nothing is said. */
export function unknownNames(policy: CompiledPolicy, servers: readonly OwnNames[]): readonly UnknownName[] {
  return mentionsOf(policy).flatMap((mention) => problemOf(mention, servers) ?? []);
}

type Kind = "tool" | "prompt";

interface Mention {
  readonly kind: Kind;
  readonly name: string;
  /** All of them let its server in. */
  readonly on: readonly Pattern[];
  readonly rule: string;
  readonly place: Place;
}

const remembered = new WeakMap<CompiledPolicy, readonly Mention[]>();

function mentionsOf(policy: CompiledPolicy): readonly Mention[] {
  const known = remembered.get(policy);
  if (known) return known;
  const ofRules = policy.rules.flatMap(({ id, place, head }) => mentionsIn(head, `rule ${id}`, place));
  const ofDefaults = policy.defaults.flatMap(({ head, place }) => (head ? mentionsIn(head, "the default", place) : []));
  const mentions = [...ofRules, ...ofDefaults];
  remembered.set(policy, mentions);
  return mentions;
}

function mentionsIn(head: CompiledHead, rule: string, place: Place): readonly Mention[] {
  const on = head.clauses.flatMap((clause) => (clause.kind === "on" ? [clause.server] : []));
  return head.targets.flatMap((target) => {
    const kind = kindOf(target);
    const parts = target.kind === "any" ? [] : (target.name?.parts ?? []);
    if (kind === undefined) return [];
    return parts.flatMap((part) =>
      part.kind === "glob" && !/[*?]/.test(part.text) ? [{ kind, name: part.text, on, rule, place }] : [],
    );
  });
}

/** `undefined`: it names resources too, or things of several kinds. */
function kindOf(target: CompiledTarget): Kind | undefined {
  if (target.kind === "any") return undefined;
  const named =
    target.kind === "thing"
      ? [target.thing]
      : allMethods()
          .filter(({ method }) => target.method.matchesName(method) === "yes")
          .flatMap(({ carries }) => carries.map(({ thing }) => thing));
  const [kind, another] = new Set(named);
  return kind === "resource" || another !== undefined ? undefined : kind;
}

function problemOf({ kind, name, on, rule, place }: Mention, servers: readonly OwnNames[]): UnknownName | undefined {
  const meant = servers.filter(({ server }) => on.every((pattern) => pattern.matchesName(server) !== "no"));
  const known = meant.flatMap(({ [kind]: own }) => own ?? []);
  const [only, another] = meant;
  if (only === undefined || known.length < meant.length || known.some((own) => own.has(name))) return undefined;
  const mention = `${rule} (${place.file}:${place.line}) speaks of the ${kind} \`${name}\``;
  const who = another === undefined ? `\`${only.server}\` does not have` : "no server has";
  const describe = (): string => {
    const names = new Set<string>();
    for (const own of known) for (const one of own) names.add(one);
    const close = nearest(name, names);
    const help = close === undefined ? "" : `; did you mean \`${close}\`?`;
    return `${mention}, which ${who}${help}`;
  };
  return { mention, describe };
}
