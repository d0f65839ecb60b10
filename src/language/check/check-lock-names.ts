// Names of tools and prompts beside the catalogue lock: each is one that a server has, in the server's own words.
import { compilePattern } from "../../expression/pattern.ts";
import { methodFacts } from "../../mcp/methods.ts";
import { didYouMean, nearest } from "../../source/nearest.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { TestItem } from "../tree/ast.ts";
import type { HeadNode } from "../tree/ast-heads.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import type { PatNode, PatternNode, Written } from "../tree/ast-values.ts";
import {
  callableKindsOf,
  isName,
  lockedServersOf,
  type Known,
  type CallableKind,
  type Subjects,
} from "./locked-things.ts";
import { error, warning } from "../report.ts";
import { patternParts, type Scope } from "../scope.ts";

export function checkLockedNames(head: HeadNode, known: Known): void {
  const servers = lockedServersOf(head, known.lock, known.scope);
  // Without any server there is something else wrong, and it was said.
  if (servers === undefined || servers.length === 0) return;
  for (const target of head.targets) {
    const kinds = callableKindsOf(target);
    if (kinds === undefined || target.kind === "any" || target.pattern === undefined) continue;
    const where: Where = { servers, kinds, isOn: head.clauses.some(({ kind }) => kind === "on") };
    checkPattern(target.pattern, where, known);
  }
}

/** A test may speak of what is not there; whoever misspelt a name should hear of it. */
export function checkLockedTest(test: TestItem, known: Known): void {
  const given = new Set(test.steps.flatMap((step) => (step.kind === "given-thing" ? [step.name.text] : [])));
  // What a test lists itself is its own affair.
  if (test.steps.some((step) => step.kind === "send" && step.method.text.endsWith("/list"))) return;
  for (const step of test.steps) {
    const spoken = spokenOf(step);
    if (spoken !== undefined && !given.has(spoken.name.text)) checkSpoken(spoken, known);
  }
}

/** A tool or prompt that a test speaks of. */
interface Spoken {
  readonly kind: CallableKind;
  readonly name: Written;
  readonly server: Written | undefined;
}

interface Where {
  readonly servers: readonly string[];
  readonly kinds: readonly CallableKind[];
  /** The head says `on`: then each glob was written for these servers. */
  readonly isOn: boolean;
}

function checkPattern(pattern: PatternNode, where: Where, known: Known): void {
  const subjects = known.subjectsOf(where.servers, where.kinds);
  const wild = pattern.parts.filter((part) => !checkLiterals(part, subjects, where, known));
  const unmet = wild.filter((part) => !matchesSome(part, subjects, known.scope));
  const isAlone = unmet.length < pattern.parts.length;
  // `get_* | list_* | read_*` for whatever server: some will be there.
  if (isAlone && !where.isOn) return;
  for (const part of unmet) {
    const message = `${hasNone(where.servers, where.kinds)} that fits \`${writtenPart(part)}\``;
    known.scope.report(warning("MR581", part.span, message, "this never applies, as the servers are now"));
  }
}

/** Whether the part consists of names without wildcards. */
function checkLiterals(part: PatNode, subjects: Subjects, where: Where, known: Known): boolean {
  const parts = patternParts({ parts: [part], span: part.span }, known.scope);
  const names = parts.flatMap((one) => (isName(one) ? [one.text] : []));
  if (names.length === 0 || names.length < parts.length) return false;
  const unknown = names.filter((name) => !subjects.byName.has(name));
  // A `let` of several names is made for several servers.
  if (unknown.length === names.length) reportUnknown(unknown[0] ?? "", part.span, subjects, where, known);
  return true;
}

function reportUnknown(name: string, span: Span, subjects: Subjects, { servers, kinds }: Where, known: Known): void {
  const message = `${noThingOf(servers, kinds)} is called \`${name}\``;
  known.scope.report(error("MR310", span, message, helpFor(name, subjects, kinds, known)));
}

function helpFor(
  name: string,
  subjects: Subjects,
  kinds: readonly CallableKind[],
  { lock, ownNames, subjectsOf }: Known,
): string {
  const names = [...subjects.byName.keys()];
  const own = ownNames(name).find((one) => names.includes(one));
  if (own !== undefined) return `clients call \`${own}\` so: rules see the server's own names, write \`${own}\``;
  const close = nearest(name, names);
  if (close !== undefined) return `did you mean \`${close}\`?`;
  const [elsewhere] = subjectsOf([...lock.servers.keys()], kinds).byName.get(name) ?? [];
  if (elsewhere !== undefined) return `\`${elsewhere.server}\` has a ${elsewhere.kind} of that name`;
  const few = names.length > 0 && names.length <= MOST_NAMES ? `there is ${names.map(quoted).join(", ")}` : undefined;
  return few ?? "if it is new, `mcprules lock` takes it over";
}

/** More are not read in one line. */
const MOST_NAMES = 8;

function matchesSome(part: PatNode, subjects: Subjects, scope: Scope): boolean {
  if (part.kind === "glob" && /^\*+$/.test(part.text)) return true;
  const parts = patternParts({ parts: [part], span: part.span }, scope);
  // A part that stands for nothing is a mistake of another kind.
  const pattern = parts.length === 0 ? undefined : compilePattern(parts);
  return pattern === undefined || subjects.all.some(({ own }) => pattern.matchesName(own) !== "no");
}

function spokenOf(step: StepNode): Spoken | undefined {
  if (step.kind === "expect-listing") {
    return step.thing === "resource" ? undefined : { kind: step.thing, name: step.name, server: step.server };
  }
  if ((step.kind !== "send" && step.kind !== "push") || step.name === undefined) return undefined;
  const [carried, another] = methodFacts(step.method.text)?.carries ?? [];
  if (carried === undefined || another !== undefined || carried.thing === "resource") return undefined;
  return { kind: carried.thing, name: step.name, server: step.server };
}

function checkSpoken({ kind, name, server: said }: Spoken, { lock, ownNames, testedServer, scope }: Known): void {
  const server = said?.text ?? testedServer;
  const locked = lock.servers.get(server)?.things[kind];
  if (locked === undefined || locked.has(name.text)) return;
  const isExposed = ownNames(name.text).some((own) => locked.has(own));
  if (isExposed || isPrefixed(name.text, server, locked)) return;
  const message = `${noThingOf([server], [kind])} is called \`${name.text}\`: the test takes it to exist`;
  scope.report(warning("MR310", name.span, message, didYouMean(name.text, locked.keys())));
}

/** A name that another server has too gets that of its server in front. */
function isPrefixed(name: string, server: string, locked: ReadonlyMap<string, unknown>): boolean {
  return name.startsWith(`${server}__`) && locked.has(name.slice(server.length + 2));
}

function noThingOf(servers: readonly string[], kinds: readonly CallableKind[]): string {
  const [server, another] = servers;
  const kind = kindOf(kinds);
  return another === undefined ? `no ${kind} of \`${server ?? ""}\`` : `no ${kind} of any server`;
}

function hasNone([server, another]: readonly string[], kinds: readonly CallableKind[]): string {
  return another === undefined ? `\`${server ?? ""}\` has no ${kindOf(kinds)}` : `no server has a ${kindOf(kinds)}`;
}

function kindOf(kinds: readonly CallableKind[]): string {
  return kinds.join(" or ");
}

function writtenPart(part: PatNode): string {
  switch (part.kind) {
    case "glob":
      return part.text;
    case "regex":
      return `/${part.source}/${part.flags}`;
    case "literal":
      return String(part.value);
    case "variable":
      return `$${part.name}`;
  }
}

function quoted(name: string): string {
  return `\`${name}\``;
}
