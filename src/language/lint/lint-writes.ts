// Lints of rules in different files that write the same field: which of them comes last is for file names to say.
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { Written } from "../tree/ast-values.ts";
import type { CompiledHead, CompiledPolicy } from "../compiled-policy.ts";
import { mayMeet } from "../heads-meet.ts";
import { onlyName } from "../only-name.ts";
import { alsoAt, warning } from "../report.ts";
import { literalOf, type Scope } from "../scope.ts";

/** `rules` and those of the policy are the same, in the same order. */
export function lintWrites(rules: readonly RuleItem[], policy: CompiledPolicy, scope: Scope): void {
  if (new Set(rules.map(({ span }) => span.file)).size < 2) return;
  const writers = new Map<string, Write[]>();
  for (const [index, rule] of rules.entries()) {
    const compiled = policy.rules[index];
    if (compiled === undefined || compiled.stage.kind === "shadow") continue;
    const writes = rule.actions.flatMap((action) => writesOf(action, scope));
    if (writes.length === 0) continue;
    const { head } = compiled;
    const about = { rule, head, name: onlyName(head), beginning: beginningOf(head) };
    const all = writes.map(({ path, value }): Write => Object.assign({ path, value }, about));
    const clash = all.map((write) => clashOf(write, writers)).find(Boolean);
    if (clash !== undefined) scope.report(clash);
    for (const write of all) remember(write, writers);
  }
}

interface Write {
  readonly path: Written;
  /** What is written, if rules that write the same do no harm to each other. */
  readonly value: string | undefined;
  readonly rule: RuleItem;
  readonly head: CompiledHead;
  /** The one name that it is about, if it is about one. */
  readonly name: string | undefined;
  /** How all names begin that it is about; `undefined`: nobody can tell. */
  readonly beginning: string | undefined;
}

/** Policies have many rules about names that begin otherwise, and comparing patterns takes longer. */
function beginningOf({ targets: [target, second] }: CompiledHead): string | undefined {
  const pattern = target === undefined || target.kind === "any" || second !== undefined ? undefined : target.name;
  const [part, another] = pattern?.parts ?? [];
  if (part?.kind !== "glob" || another !== undefined || !/^[\w.*?-]+$/.test(part.text)) return undefined;
  return /^[^*?]*/.exec(part.text)?.[0].toLowerCase();
}

function beginApart(one: Write, other: Write): boolean {
  if (one.beginning === undefined || other.beginning === undefined) return false;
  return !one.beginning.startsWith(other.beginning) && !other.beginning.startsWith(one.beginning);
}

function writesOf(action: ActionNode, scope: Scope): readonly Pick<Write, "path" | "value">[] {
  if (action.kind === "remove") return action.paths.map((path) => ({ path, value: "remove" }));
  if (action.kind === "rewrite" || action.kind === "add") return [{ path: action.path, value: undefined }];
  if (action.kind !== "set") return [];
  const literal = literalOf(action.value, scope);
  return [{ path: action.path, value: literal === undefined ? undefined : JSON.stringify(literal) }];
}

/** Of a large policy, no more than these are looked at for each write. */
const MOST_OTHERS = 100;

function clashOf(write: Write, writers: ReadonlyMap<string, readonly Write[]>) {
  const others = keysFor(write).flatMap((key) => (writers.get(key) ?? []).slice(0, MOST_OTHERS));
  const other = others.find((one) => isClash(write, one));
  if (other === undefined) return undefined;
  const message = `\`${write.path.text}\` is also written by \`${other.rule.id.text}\`, in another file`;
  const help = "which of them comes last is for the names of the files to say: put both into one file";
  return alsoAt(warning("MR573", write.path.span, message, help), other.path.span, "here too");
}

function isClash(one: Write, other: Write): boolean {
  if (one.rule.span.file === other.rule.span.file || beginApart(one, other)) return false;
  const isSame = one.path.text === other.path.text && one.value !== undefined && one.value === other.value;
  return !isSame && isPathOfBoth(one.path.text, other.path.text) && mayMeet(one.head, other.head);
}

/** One leads to the other, or to a part of it. */
function isPathOfBoth(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return long.startsWith(short) && (long.length === short.length || /[.[]/.test(long.charAt(short.length)));
}

/** Under the name it is about, or under none; and, for those about many, under all. */
function remember(write: Write, writers: Map<string, Write[]>): void {
  for (const key of [keyOf(write, write.name ?? WIDE), keyOf(write, ALL)]) {
    const known = writers.get(key);
    if (known === undefined) writers.set(key, [write]);
    else known.push(write);
  }
}

function keysFor(write: Write): readonly string[] {
  const { name } = write;
  return name === undefined ? [keyOf(write, ALL)] : [keyOf(write, name), keyOf(write, WIDE)];
}

/** No name of a thing has a line feed in it. */
const WIDE = "\nwide";
const ALL = "\nall";

function keyOf({ path }: Write, name: string): string {
  return `${/^[^.[]*/.exec(path.text)?.[0] ?? ""}\n${name}`;
}
